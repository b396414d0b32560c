"""Libraries: revisions published, read, kept and refused."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from sqlalchemy.exc import IntegrityError

from bot.store import (
    KEPT_REVISIONS,
    SHARED,
    Action,
    Changes,
    Counts,
    DocumentChange,
    Person,
    Store,
    StoredRevision,
)
from bot.store.documents import digest_of
from bot.store.errors import DamagedStoreError, RevisionConflictError, UnknownRevisionError
from index.documents.corpus import Source
from index.documents.document import DocumentSpec, Reference
from index.errors import UnknownDocumentError
from tests.bot.store.conftest import Clock
from tests.bot.store.helpers import (
    GUILD,
    MONA,
    check_history,
    document,
    documents_of,
    execute_raw,
    file_of,
    number_of,
    publish,
    query,
)


def test_nothing_is_there_before_the_first_revision(store: Store) -> None:
    assert store.libraries.current(GUILD) is None
    assert store.libraries.history(GUILD) == []
    with pytest.raises(UnknownRevisionError, match="there is none yet"):
        store.libraries.load_documents(GUILD, 1)


def test_a_revision_is_what_was_published(store: Store, clock: Clock) -> None:
    spec = DocumentSpec(
        id="treaty",
        title="조약 “1965”",
        file="treaty.md",
        source_url="https://example.org/x?y=%20",
        language="ko",
        layout="prose",
        markers="trailing",
        aliases=[["ROK", "South Korea"]],
        references={"28": Reference(title="A book", url="https://example.org/b")},
    )
    documents = [Source(spec, b"\x00\xff\r\n[28]", "my treaty.md"), document("a")]
    counts = Counts(1, 2, 3, 4)
    number = store.libraries.publish(
        SHARED,
        documents,
        by=Person(None, "start"),
        action="start-up",
        expected_revision=0,
        counts=counts,
        seconds=1.5,
    )
    start, digest = Person(None, "start"), digest_of(documents)
    expected = StoredRevision(SHARED, 1, clock.now, start, "start-up", counts, 1.5, digest)
    assert number == 1
    assert store.libraries.current(SHARED) == expected
    assert store.libraries.revision(SHARED, 1) == expected
    assert store.libraries.load_documents(SHARED, 1) == documents
    (entry,) = store.audit.entries(SHARED)
    assert (entry.by, entry.what, entry.outcome) == (
        Person(None, "start"),
        "start-up",
        "revision 1",
    )


def test_a_library_may_become_empty(store: Store) -> None:
    publish(store, [document("a")])
    assert publish(store, [], action="remove") == 2
    assert store.libraries.load_documents(GUILD, 2) == []


def test_what_a_clock_that_was_ahead_has_dated_locks_nobody_out(store: Store, clock: Clock) -> None:
    publish(store, [document("a")])
    clock.pass_days(365)
    publish(store, [document("b")])
    assert store.audit.publications_since(GUILD, timedelta(hours=1)) == 1
    clock.pass_days(-365)
    assert store.audit.publications_since(GUILD, timedelta(hours=1)) == 1


def test_a_publication_upon_an_old_revision_is_refused(store: Store) -> None:
    publish(store, [document("a")])
    publish(store, [document("b")])
    for expected in (0, 1, 3):
        with pytest.raises(RevisionConflictError, match="changed meanwhile") as caught:
            publish(store, [document("c")], expected=expected)
        assert (caught.value.expected, caught.value.current) == (expected, 2)
    assert [found.spec.id for found in store.libraries.load_documents(GUILD, 2)] == ["b"]
    assert len(store.audit.entries(GUILD)) == 2
    assert query(store, "SELECT count(*) FROM sources") == [(1,)]


def test_libraries_do_not_touch_each_other(store: Store) -> None:
    publish(store, [document("a")], owner=1)
    publish(store, [document("b")], owner=2)
    publish(store, [document("c")], owner=2)
    assert number_of(store, 1) == 1
    assert store.libraries.document_ids(1) == ["a"]
    assert store.libraries.document_ids(2) == ["b", "c"]
    assert store.libraries.load_documents(1, 1) == [document("a")]


def test_the_last_twenty_revisions_are_kept_and_no_source_beyond_them(store: Store) -> None:
    for number in range(1, KEPT_REVISIONS + 6):
        publish(store, documents_of(number))
    check_history(store)
    with pytest.raises(UnknownRevisionError, match="kept are 25, 24"):
        store.libraries.revision(GUILD, 5)
    assert [e.outcome for e in store.audit.entries(GUILD, limit=2)] == [
        "revision 25",
        "revision 24",
    ]


def test_one_file_is_stored_once(store: Store) -> None:
    publish(store, [document("a", b"same")], owner=1)
    publish(store, [document("b", b"same"), document("c", b"same")], owner=2)
    assert query(store, "SELECT content FROM sources") == [(b"same",)]


def test_two_documents_of_one_id_are_the_callers_mistake(store: Store) -> None:
    with pytest.raises(ValueError, match="one id"):
        publish(store, [document("a"), document("a", b"other")])
    assert number_of(store) == 0


def test_a_reference_cannot_dangle(store: Store) -> None:
    publish(store, [document("a")])
    with pytest.raises(IntegrityError), store.database.write() as connection:
        connection.exec_driver_sql("DELETE FROM sources")


def test_bytes_that_changed_on_the_disk_are_not_served(store: Store, state: Path) -> None:
    publish(store, [document("a")])
    execute_raw(file_of(state), "UPDATE sources SET content = x'00'")
    with pytest.raises(DamagedStoreError, match="not those that were uploaded"):
        store.libraries.load_documents(GUILD, 1)


def test_another_process_is_noticed_by_the_stamp(store: Store, state: Path) -> None:
    assert store.libraries.changes_since(0) == Changes(0, {})
    publish(store, [document("a")], owner=1)
    publish(store, [document("a")], owner=2)
    stamp = store.libraries.changes_since(0).stamp
    assert store.libraries.changes_since(0) == Changes(stamp, {1: 1, 2: 1})
    assert store.libraries.changes_since(stamp) == Changes(stamp, {})
    with Store.open(state) as other:
        publish(other, [document("b")], owner=2)
    assert store.libraries.changes_since(0).stamp > stamp
    assert store.libraries.changes_since(stamp).current == {2: 2}


class Model(RuleBasedStateMachine):
    """Two libraries against plain lists: whatever is done, each kept revision is as it was."""

    def __init__(self) -> None:
        super().__init__()
        self.state = Path(tempfile.mkdtemp())
        self.store = Store.open(self.state)
        self.revisions: dict[int, list[list[Source]]] = {1: [], 2: []}

    owners = st.sampled_from([1, 2])
    names = st.sampled_from(["a", "b", "c"])

    def publish(self, owner: int, documents: list[Source], action: Action) -> None:
        assert publish(self.store, documents, owner=owner, action=action) == (
            len(self.revisions[owner]) + 1
        )
        self.revisions[owner].append(documents)

    def current(self, owner: int) -> list[Source]:
        return self.revisions[owner][-1] if self.revisions[owner] else []

    @rule(
        owner=owners,
        name=names,
        content=st.binary(max_size=5000),
        reading=st.none() | st.binary(max_size=3),
    )
    def add(self, owner: int, name: str, content: bytes, reading: bytes | None) -> None:
        kept = [found for found in self.current(owner) if found.spec.id != name]
        self.publish(owner, [*kept, document(name, content, reading)], "add")

    @rule(owner=owners)
    def refresh_many_times(self, owner: int) -> None:
        for _ in range(8):
            self.publish(owner, self.current(owner), "refresh")

    @rule(owner=owners, data=st.data())
    def roll_back(self, owner: int, data: st.DataObject) -> None:
        history = self.store.libraries.history(owner)
        if history:
            number = data.draw(st.sampled_from(history)).number
            documents = self.store.libraries.load_documents(owner, number)
            self.publish(owner, documents, "rollback")

    @precondition(lambda self: any(self.revisions.values()))
    @rule(owner=owners, name=names)
    def purge(self, owner: int, name: str) -> None:
        revisions = self.revisions[owner]
        kept = revisions[-KEPT_REVISIONS:]
        if not any(found.spec.id == name for documents in kept for found in documents):
            with pytest.raises(UnknownDocumentError):
                self.store.libraries.purge(owner, name, by=MONA)
            return
        purged = self.store.libraries.purge(owner, name, by=MONA)
        revisions.append(self.current(owner))
        assert purged.revision == len(revisions)
        self.revisions[owner] = [
            [found for found in documents if found.spec.id != name] for documents in revisions
        ]

    @rule()
    def start_again(self) -> None:
        self.store.close()
        self.store = Store.open(self.state)

    @invariant()
    def everything_is_as_it_was(self) -> None:
        held: set[bytes] = set()
        for owner, revisions in self.revisions.items():
            newest = len(revisions)
            numbers = [revision.number for revision in self.store.libraries.history(owner)]
            assert numbers == list(range(newest, max(0, newest - KEPT_REVISIONS), -1))
            for number in numbers:
                found = self.store.libraries.load_documents(owner, number)
                assert found == revisions[number - 1]
                held.update(stored.content for stored in found)
                held.update(stored.reading for stored in found if stored.reading is not None)
        stored = {content for (content,) in query(self.store, "SELECT content FROM sources")}
        assert stored == held

    def teardown(self) -> None:
        self.store.check()
        self.store.close()
        shutil.rmtree(self.state)


TestModel = Model.TestCase
TestModel.settings = settings(max_examples=8, stateful_step_count=12, deadline=None)


def test_what_revisions_did_to_documents_is_known_of_each_whose_predecessor_is_kept(
    store: Store,
) -> None:
    one, two = document("one"), document("two")
    newer = replace(one, content=b"Another sentence.\n")
    renamed = replace(newer, spec=newer.spec.model_copy(update={"title": "First"}))
    for documents in ([two, one], [newer], [renamed], [], [two], [two]):
        publish(store, documents)
    assert store.libraries.changes(GUILD) == {
        1: [DocumentChange("two", "Two", "added"), DocumentChange("one", "One", "added")],
        2: [DocumentChange("one", "One", "changed"), DocumentChange("two", "Two", "removed")],
        3: [DocumentChange("one", "First", "changed")],
        4: [DocumentChange("one", "First", "removed")],
        5: [DocumentChange("two", "Two", "added")],
        6: [],
    }
    for _ in range(KEPT_REVISIONS - 3):
        publish(store, [two])
    assert min(store.libraries.changes(GUILD)) == 5
    assert store.libraries.changes(GUILD + 1) == {}
