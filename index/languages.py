"""The language of a file by its name, in lower case as GitHub's Linguist and The Stack call it."""

from functools import lru_cache

from identify import extensions
from identify.identify import tags_from_filename

# What identify calls otherwise than Linguist, whose names the training sets record.
_LINGUIST_NAMES = {
    "asm": "assembly",
    "bash": "shell",
    "batch": "batchfile",
    "coffee": "coffeescript",
    "csh": "shell",
    "fish": "shell",
    "go-mod": "go module",
    "java-properties": "java properties",
    "jsx": "javascript",
    "jupyter": "jupyter notebook",
    "literate-haskell": "haskell",
    "meson-options": "meson",
    "plain-text": "text",
    "pofile": "gettext catalog",
    "proto": "protocol buffer",
    "pyi": "python",
    "rst": "restructuredtext",
    "salt": "saltstack",
    "system-verilog": "systemverilog",
    "terraform": "hcl",
    "textproto": "protocol buffer text format",
    "ts": "typescript",
    "tsx": "typescript",
    "vb": "visual basic .net",
    "vim": "vim script",
    "zsh": "shell",
}
# Extensions of programming languages that identify 2.6 does not know.
_MORE_EXTENSIONS = {
    "adb": "ada",
    "ads": "ada",
    "awk": "awk",
    "cbl": "cobol",
    "cl": "opencl",
    "cob": "cobol",
    "cts": "typescript",
    "d": "d",
    "el": "emacs lisp",
    "f": "fortran",
    "f77": "fortran",
    "for": "fortran",
    "frag": "glsl",
    "ftn": "fortran",
    "glsl": "glsl",
    "hx": "haxe",
    "lisp": "common lisp",
    "lsp": "common lisp",
    "mts": "typescript",
    "rkt": "racket",
    "sed": "sed",
    "sml": "standard ml",
    "st": "smalltalk",
    "tcl": "tcl",
    "vert": "glsl",
    "wgsl": "wgsl",
}
# The tag to keep where a file has several: the language itself rather than the tool that reads it. A header of C and
# C++ counts as C, as in Linguist where nothing else decides.
_PREFERRED = (
    "svg", "jupyter", "objective-c++", "c", "c++", "c#", "f#", "python", "ruby", "shell", "clojure", "groovy", "pascal",
    "scala", "html", "xml", "json", "yaml", "toml", "ini",
)  # fmt: skip
_NOT_LANGUAGES = frozenset(
    {"text", "binary", "image", "header", "audio", "def", "inc", "manifest", "map", "spec", "pem"}
)

_MORE_BINARY_LIST = """
    7z a apk arrow avi bin br bz cab class crx deb dmg doc docx dylib elc feather flac gguf h5 hdf5 iso jks joblib ko
    lib lz4 lzma m4a mo mov mp3 mp4 mpg msi nib node npy npz o obj odt ogg onnx parquet pdb pickle pkl ppt pptx psd pt
    pth pyc pyd pyo qm rar rpm safetensors snap sqlite sqlite3 tflite ttc wasm webm wmv xls xlsx xz zst
"""
_MORE_BINARY_EXTENSIONS = frozenset(_MORE_BINARY_LIST.split())


def language_of(path: str) -> str | None:
    """Return the language of a file by its name, ``None`` where the name does not tell. Opens nothing.

    >>> [language_of(path) for path in ("a/setup.py", "vec.hpp", "Dockerfile.dev", "CMakeLists.txt", "notes")]
    ['python', 'c++', 'dockerfile', 'cmake', None]
    """
    name = path[path.rfind("/") + 1 :]
    if name in extensions.NAMES:
        return _by_name(name)
    stem, dot, extension = name.rpartition(".")
    found = _by_extension(extension) if dot and stem else None
    if found is None and dot:
        known = next((part for part in name.split(".") if part in extensions.NAMES), None)
        return _by_name(known) if known else None
    return found


def is_binary_name(path: str) -> bool:
    """Say whether a file is binary by its name: a library, an image, an archive, compiled code.

    >>> [is_binary_name(path) for path in ("a/b.pyc", "libx.so.6", "font.woff2", "icon.svg", "data.csv")]
    [True, True, True, False, False]
    """
    name = path[path.rfind("/") + 1 :]
    _, dot, extension = name.rpartition(".")
    return bool(dot) and (_is_binary_extension(extension) or ".so." in name)


def _by_name(name: str) -> str | None:
    return _language(frozenset(tags_from_filename(name)))


@lru_cache(maxsize=4096)
def _by_extension(extension: str) -> str | None:
    return _language(frozenset(tags_from_filename(f"x.{extension}"))) or _MORE_EXTENSIONS.get(extension.lower())


@lru_cache(maxsize=4096)
def _is_binary_extension(extension: str) -> bool:
    return extension.lower() in _MORE_BINARY_EXTENSIONS or "binary" in tags_from_filename(f"x.{extension}")


@lru_cache(maxsize=1024)
def _language(tags: frozenset[str]) -> str | None:
    named = frozenset() if "binary" in tags else tags - _NOT_LANGUAGES
    if len(named) > 1:
        named -= {"plain-text"}
    tag = next((tag for tag in _PREFERRED if tag in named), min(named, default=None))
    return None if tag is None else _LINGUIST_NAMES.get(tag, tag)
