"""Files of many formats to blocks of text: one module a format, each pure."""
