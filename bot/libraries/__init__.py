"""The revisions of all libraries: edited, built, published and served."""
