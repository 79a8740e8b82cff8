"""Forms of C, C++, Java and Go."""

from codewhence.index.lexing.forms import CODE, COMMENT, STRING, Form
from codewhence.index.lexing.vocabulary import block_comment, quoted, raw, triple_quoted

BLOCK = block_comment("/*", "*/")
# A backslash at the end of the line carries a comment on (C11 5.1.1.2).
SPLICED_LINE = Form(COMMENT, r"//[^\n\\]*+(?:\\(?:\r\n|.)?[^\n\\]*+)*+")
LINE = Form(COMMENT, r"//[^\n]*+")
CHARACTER = Form(STRING, r"'(?:[^'\\\n]|\\[^\n][^'\\\n]{0,9})'")
# The apostrophe between the digits of a number (C++14, C23), and any other that closes nothing.
DIGIT_SEPARATOR = Form(CODE, r"'(?<=[0-9a-fA-F]')(?<!u8')(?=[0-9a-fA-F]{2}|[0-9a-fA-F](?!'))")
APOSTROPHE = Form(CODE, r"'")
# The tag is of at most 16 characters (C++11 2.14.5).
RAW_CPP = Form(STRING, r"""\"(?<=R")(?P<tag>[^()\\\s"]{0,16}+)\((?:.*?\)(?P=tag)"|.*+)""")
INCLUDE = Form(CODE, r"#[ \t]*+(?:include[ \t]*+(?:\"[^\"\n]*+\"|<[^>\n]*+>)|(?:error|warning)\b[^\n]*+)")

C = (BLOCK, SPLICED_LINE, INCLUDE, quoted('"'), CHARACTER, APOSTROPHE)
CPP = (BLOCK, SPLICED_LINE, INCLUDE, RAW_CPP, quoted('"'), DIGIT_SEPARATOR, CHARACTER, APOSTROPHE)
JAVA = (BLOCK, LINE, triple_quoted('"'), quoted('"'), quoted("'"))
GO = (BLOCK, LINE, raw("`"), quoted('"'), CHARACTER, APOSTROPHE)
