"""Reserved words of each language, constants and reserved names of types among them, from its own reference.

Words that a language reserves in some places only (``match`` in Python, ``get`` in JavaScript, ``record`` in Java) are
left out where they name things more often than not. A reserved word after a dot names a member: that is for the caller
to see.
"""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# The Python Language Reference 3.14, 2.3.1, without the soft ones.
PYTHON = _words("""
    False None True and as assert async await break class continue def del elif else except finally for from global
    if import in is lambda nonlocal not or pass raise return try while with yield
""")
# ISO C23, 6.4.1, with the older spellings, and the names that <stdbool.h> and <stddef.h> give.
C = _words("""
    NULL _Alignas _Alignof _Atomic _BitInt _Bool _Complex _Decimal128 _Decimal32 _Decimal64 _Generic _Imaginary
    _Noreturn _Static_assert _Thread_local alignas alignof asm auto bool break case char const constexpr continue
    default do double else enum extern false float for goto if inline int long nullptr register restrict return short
    signed sizeof static static_assert struct switch thread_local true typedef typeof typeof_unqual union unsigned void
    volatile while __asm__ __attribute__ __inline __inline__ __restrict __typeof__ __volatile__
    define defined elif endif ifdef ifndef include pragma undef
""")
# ISO C++23, 5.11 and 5.12, over those of C.
CPP = C | _words("""
    and and_eq bitand bitor catch char16_t char32_t char8_t class co_await co_return co_yield compl concept const_cast
    consteval constinit decltype delete dynamic_cast explicit export final friend mutable namespace new noexcept not
    not_eq operator or or_eq override private protected public reinterpret_cast requires static_cast template this
    throw try typeid typename using virtual wchar_t xor xor_eq
""")
# The Go Programming Language Specification 1.24: keywords, predeclared types and constants.
GO = _words("""
    any bool break byte case chan comparable complex128 complex64 const continue default defer else error
    fallthrough false float32 float64 for func go goto if import int int16 int32 int64 int8 interface iota map nil
    package range return rune select string struct switch true type uint uint16 uint32 uint64 uint8 uintptr var
""")
# The Java Language Specification 24, 3.9 and 3.10, with var and yield.
JAVA = _words("""
    abstract assert boolean break byte case catch char class const continue default do double else enum extends
    false final finally float for goto if implements import instanceof int interface long native new null package
    private protected public return short static strictfp super switch synchronized this throw throws transient true
    try var void volatile while yield
""")
# ECMA-262 2025, 12.7.2, with the constants of the global object.
JAVASCRIPT = _words("""
    Infinity NaN async await break case catch class const continue debugger default delete do else enum export
    extends false finally for function if implements import in instanceof interface let new null package private
    protected public return static super switch this throw true try typeof undefined var void while with yield
""")
# TypeScript 5.8, scanner.ts: over those of JavaScript.
TYPESCRIPT = JAVASCRIPT | _words("""
    abstract any bigint boolean constructor declare infer keyof namespace never number object override readonly
    satisfies string unknown using
""")
# The Rust Reference 1.88, "Keywords", with the primitive types.
RUST = _words("""
    Self abstract as async await become bool box break char const continue crate do dyn else enum extern f32 f64
    false final fn for i128 i16 i32 i64 i8 if impl in isize let loop match mod move mut override priv pub ref return
    self static str struct super trait true try type typeof u128 u16 u32 u64 u8 unsafe unsized use usize virtual
    where while yield
""")
# POSIX.1-2024, 2.4 and 2.15, with the words and the declaring built-ins of the Bash manual 5.2.
SHELL = _words("""
    alias break builtin case cd command continue coproc declare do done echo elif else esac eval exec exit export false
    fi for function if in let local printf read readonly return select set shift source test then time trap true typeset
    unset until wait while
""")
# doc/syntax/keywords.rdoc of Ruby 3.4, with the methods that read as words of the language.
RUBY = _words("""
    BEGIN END __ENCODING__ __FILE__ __LINE__ __method__ alias and attr_accessor attr_reader attr_writer begin
    block_given? break case class def defined? do else elsif end ensure extend false for if in include lambda loop
    module module_function next nil not or private proc protected public raise redo require require_relative rescue
    retry return self super then true undef unless until when while yield
""")
# The PHP manual, "List of Keywords" and "List of other reserved words", lower case.
PHP = _words("""
    __class__ __dir__ __file__ __function__ __halt_compiler __line__ __method__ __namespace__ __trait__ abstract and
    array as bool break callable case catch class clone const continue declare default die do echo else elseif empty
    enddeclare endfor endforeach endif endswitch endwhile enum eval exit extends false final finally float fn for
    foreach function global goto if implements include include_once instanceof insteadof int interface isset
    iterable list match mixed namespace never new null object or parent print private protected public readonly
    require require_once return self static string switch this throw trait true try unset use var void while xor
    yield
""")
# ISO/IEC 9075-2:2023, 5.2, the words that PostgreSQL, MySQL and SQLite also take as such, and their common types.
SQL = _words("""
    add all alter always and any array as asc avg before begin between bigint binary bit blob boolean both by
    cascade case cast char character check coalesce collate column commit constraint count create cross current
    current_date current_time current_timestamp current_user cursor database date datetime dec decimal declare
    default deferrable delete desc distinct do double drop each else elsif end escape except exception execute
    exists explain extension extract false fetch filter first float for foreign from full function global grant
    group grouping having if ilike immediate in index inner insert instead int integer intersect interval into is
    isnull join json key language last lateral leading left like limit local loop materialized max merge min natural
    next no not notnull null nulls numeric of offset on only open or order out outer over partition precision
    primary privileges procedure raise range real recursive references rename replace restrict return returning
    returns revoke right rollback row rows schema select sequence serial session set setof show similar smallint
    some start strict sum table temporary text then time timestamp timestamptz tinyint to trailing transaction
    trigger true truncate type union unique unknown update user using vacuum values varchar varying view volatile
    when where while window with within without
""")
