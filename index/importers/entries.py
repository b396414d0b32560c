"""Lists of references as they are printed: the headings that open them, and their entries."""

from __future__ import annotations

import re
from unicodedata import category, normalize

from index.importers.blocks import Entry

__all__ = ["LABEL", "address_in", "is_references_heading", "printed_entry"]

MAX_HEADING_CHARS = 60
MAX_LABEL_CHARS = 30


def _without_accents(text: str) -> str:
    """A text less the signs that are put on letters, which not everybody writes."""
    return "".join(sign for sign in normalize("NFD", text) if category(sign) != "Mn")


_NUMBERING = re.compile(
    r"(?:(?:appendix|anhang|annexe)\s+)?(?:\d{1,2}(?:\.\d{1,2}){0,3}|[ivxIVX]{1,5}|[A-H])(?:[.):]\s*|\s+)",
    re.IGNORECASE,
)
_BEHIND = re.compile(r"\s*(?:\[[^\[\]]{1,40}\]|[:.\uff1a#])\s*$")
"""What may stand behind a heading: a colon, `[edit]`."""
_HEADINGS = frozenset(
    " ".join(_without_accents(heading).split())
    for heading in """
    references | reference | reference list | list of references | references cited
    | normative references | informative references | references and notes | notes and references
    | footnotes and references | references and further reading | references and sources
    | notes | note | footnotes | endnotes | explanatory notes | notes and citations | citations
    | works cited | cited works | literature cited | literature | bibliography
    | selected bibliography | general bibliography | general references | general sources
    | inline citations | cited sources | sources | primary sources | secondary sources
    | web sources | print sources | books cited | reading list | further reading
    | external links | external sources | see also | suggested reading | related reading
    | literatur | literaturverzeichnis | literaturangaben | einzelnachweise | quellen
    | quellenverzeichnis | quellenangaben | anmerkungen | weblinks | fußnoten | siehe auch
    | belege | références | référence | bibliographie | notes et références | liens externes
    | voir aussi | sources et références | ouvrages cités
    | referencias | bibliografía | notas | notas al pie | enlaces externos | véase también
    | fuentes | notas y referencias | obras citadas | lecturas adicionales
    | referências | bibliografia | referências bibliográficas | ligações externas | ver também
    | notas e referências | note | riferimenti | riferimenti bibliografici
    | collegamenti esterni | voci correlate | altri progetti | fonti
    | referenties | voetnoten | bronnen | bronvermelding | literatuur | literatuurlijst
    | externe links | externe koppelingen | zie ook | noten
    | referenser | källor | externa länkar | se även | fotnoter | litteratur
    | referanser | kilder | eksterne lenker | se også | noter | eksterne henvisninger
    | lähteet | viitteet | aiheesta muualla | katso myös
    | przypisy | bibliografia | linki zewnętrzne | zobacz też | źródła | literatura
    | reference a poznámky | odkazy | externí odkazy | související články | poznámky
    | kaynakça | kaynaklar | dış bağlantılar | ayrıca bakınız | notlar | dipnotlar
    | hivatkozások | források | jegyzetek | irodalom | további információk
    | note și referințe | bibliografie | legături externe | vezi și
    | tham khảo | tài liệu tham khảo | chú thích | liên kết ngoài | xem thêm
    | referensi | daftar pustaka | catatan kaki | pranala luar | lihat pula
    | 참고 문헌 | 참고문헌 | 참고 자료 | 참고자료 | 인용 문헌 | 각주 | 주석 | 출처 | 외부 링크
    | 외부 고리 | 같이 보기 | 더 읽을거리
    | 脚注 | 出典 | 参考文献 | 引用文献 | 外部リンク | 関連項目 | 注釈 | 注 | 参照 | 関連文献 | 資料
    | 参考资料 | 參考資料 | 参考文獻 | 參考文獻 | 参考来源 | 參考來源 | 引用 | 注释 | 註釋 | 备注
    | 註腳 | 脚註 | 参见 | 參見 | 参看 | 外部链接 | 外部連結 | 外部鏈接 | 延伸阅读 | 延伸閱讀
    | 扩展阅读
    | примечания | литература | ссылки | см. также | источники | список литературы | сноски
    | примітки | література | посилання | джерела | див. також | бележки | източници
    | βιβλιογραφία | παραπομπές | σημειώσεις | εξωτερικοί σύνδεσμοι | δείτε επίσης | πηγές
    | مراجع | المراجع | المصادر | مصادر | وصلات خارجية | روابط خارجية | انظر أيضا | انظر أيضًا
    | اقرأ أيضا | هوامش | ملاحظات | ملحوظات | المراجع والمصادر | استشهادات | قراءات إضافية
    | מקורות | הערות שוליים | קישורים חיצוניים | ראו גם | לקריאה נוספת | ביבליוגרפיה
    | منابع | پانویس | پیوند به بیرون | جستارهای وابسته | یادداشت‌ها
    | संदर्भ | सन्दर्भ | बाहरी कड़ियाँ | इन्हें भी देखें | टिप्पणियाँ
    | อ้างอิง | แหล่งข้อมูลอื่น | ดูเพิ่ม | เชิงอรรถ | บรรณานุกรม
    """.casefold().split("|")
)

LABEL = rf"[^\W_][\w.,:+/\-\u2010-\u2013 '&]{{0,{MAX_LABEL_CHARS - 1}}}"
"""What an entry is called where that is no number: `RFC2119`, `Smi20`, `Knuth 1997`."""
_BRACKETED = re.compile(rf"\[\s?({LABEL}|[*\u2020\u2021])\s?\][:.]?\s+(?=\S)")
_COUNTED = re.compile(r"\(?(\d{1,4})(?:[.):](?=\s|[^\W\d])|\t)\s*(?=\S)")
_CARET = re.compile(
    r"(?:\^|\u2191)\s*(?:(?:[a-z]{1,2}|\d{1,2}\.\d{1,2})(?:,?\s+|(?=\^))|\^\s*)*"
    r"(?:Jump up to:\s*(?:[a-z]\s+)*|Jump up\s*\^?\s*)?(?=\S)"
    r"|1 2(?: \d{1,2}){0,60}\s+(?=[^\s\d])"
)
_ADDRESS = re.compile(r"https?://[^\s<>\"\u201c\u201d\u3000-\u303f\uff00-\uffef]+", re.IGNORECASE)
_DOI = re.compile(r"\bdoi\s?(?::|\s)\s?(10\.\d{4,9}/[^\s<>\"]+)", re.IGNORECASE)
_PUNCTUATION = ".,;:!?'*_"


def is_references_heading(heading: str) -> bool:
    """Whether a heading is that of a list of references, notes or links, in many languages.

    Its number (`8.1. `), a colon behind it, and `[edit]` do not count.
    """
    if len(heading) > MAX_HEADING_CHARS:
        return False
    text = " ".join(_without_accents(heading.casefold()).split()).lstrip("#= ").rstrip("= ")
    while (shorter := _BEHIND.sub("", text)) != text:
        text = shorter
    return text in _HEADINGS or _NUMBERING.sub("", text, count=1) in _HEADINGS


def printed_entry(text: str) -> tuple[str, Entry] | None:
    """The label of an entry and what stands behind it; None for text without a label.

    Labels are those of `[1] …`, `1. …`, `[RFC2119] …`; that of `^ …`, which counts by its place, is
    empty, its ways back `a b` taken off; `1 2 …` are ways back, too, as some pages print them.
    """
    text = text.lstrip()
    for form in (_BRACKETED, _COUNTED):
        if label := form.match(text):
            return label[1], _entry(text[label.end() :])
    if caret := _CARET.match(text):
        return "", _entry(text[caret.end() :])
    return None


def address_in(text: str) -> str | None:
    """The first address of a text, or that of its DOI."""
    if found := _ADDRESS.search(text):
        return _without_end(found[0])
    if doi := _DOI.search(text):
        return f"https://doi.org/{_without_end(doi[1])}"
    return None


def _entry(text: str) -> Entry:
    return Entry(" ".join(text.split()), address_in(text))


def _without_end(address: str) -> str:
    """An address less the signs of the sentence that it ends."""
    address = address.rstrip(_PUNCTUATION)
    while address.endswith((")", "]", "}")):
        opening = {")": "(", "]": "[", "}": "{"}[address[-1]]
        if address.count(opening) >= address.count(address[-1]):
            break
        address = address[:-1].rstrip(_PUNCTUATION)
    return address
