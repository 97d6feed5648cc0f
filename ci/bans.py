"""What may not be written in which files, and what guards refuse to run, each exactly once."""

from __future__ import annotations

from ci import policy
from ci.tools.rules import Ban, Unsafe

# Where a quoted #include may lead, per folder of includers; folders below a key follow the nearest key.
INCLUDES = {
    "libs/core/include": ("libs/core/include",),
    "libs/core/src": ("libs/core/src", "libs/core/include"),
    "libs/core/tests": ("libs/core/tests", "libs/core/src", "libs/core/include"),
    "libs/core/fuzz": ("libs/core/fuzz", "libs/core/src", "libs/core/include"),
    "libs/cli": ("libs/cli", "libs/core/include"),
    "libs/cli/tests": ("libs/cli/tests", "libs/core/tests", "libs/core/include"),
    "libs/cli/fuzz": ("libs/cli", "libs/core/fuzz", "libs/core/include"),
    "libs/py": ("libs/py", "libs/core/include"),
    "benchmarks": ("benchmarks", "libs/core/include"),
}

CORE = ("libs/core/src/**",)
PLATFORM_FILES = ("libs/**/*_win32.[ch]", "libs/**/*_linux.[ch]", "libs/**/*_darwin.[ch]")
CMAKE_FILES = ("**/CMakeLists.txt", "**/*.cmake")

# C is searched without comments and literals, unless a ban says otherwise.
BANS = (
    Ban(
        "core returns values: it does not print, exit or read the environment",
        r"\b(?:v?f?printf|f?puts|putc|putchar|perror|_?exit|abort|(?:secure_)?getenv)\s*\(",
        CORE,
        ("libs/core/src/status.c", "static void say(void) {\n    puts(0);\n}\n"),
    ),
    Ban(
        "unsafe libc: use the bounded form",
        r"\b(?:strcpy|strcat|v?sprintf|strtok|ato[fil]l?|gets|alloca)\s*\(",
        policy.C_FILES,
        ("libs/core/src/status.c", "static int number(const char *s) {\n    return atoi(s);\n}\n"),
    ),
    Ban(
        "memory comes from mem.h, so that a test can make it fail",
        r"\b(?:malloc|calloc|realloc|reallocarray|strn?dup|aligned_alloc|posix_memalign)\s*\(",
        ("libs/*/src/**",),
        ("libs/core/src/status.c", "static void *some(void) {\n    return malloc(1);\n}\n"),
        but=("libs/core/src/mem.c",),
    ),
    Ban(
        "memory goes back through mem.h",
        r"\bfree\s*\(",
        ("libs/*/src/**",),
        ("libs/core/src/status.c", "static void drop(void *p) {\n    free(p);\n}\n"),
        but=("libs/core/src/mem.c", "libs/core/src/fs_*.c"),  # what the system hands out
    ),
    Ban(
        "the file system is reached through fs.h",
        r"\b(?:f?open(?:at|dir)?|creat|f?stat(?:at|x)?|lstat|unlink(?:at)?|rename(?:at2?)?|mkdir(?:at)?|readdir)\s*\(",
        CORE,
        ("libs/core/src/status.c", "static int some(void) {\n    return open(0, 0);\n}\n"),
        but=("libs/core/src/fs_*.c",),
    ),
    Ban(
        "platform code is a file chosen by CMake",
        r"\b(?:_WIN32|_MSC_VER|__APPLE__|__linux__)\b",
        ("libs/**/*.[ch]",),
        ("libs/core/src/status.c", "#ifdef _WIN32\n#endif\n"),
        but=PLATFORM_FILES,
    ),
    Ban(
        "a macro must not hide control flow",
        r"^[ \t]*#[ \t]*define\b(?:.*\\\n)*.*\b(?:return|goto|break|continue)\b",
        policy.C_FILES,
        ("libs/core/src/status.c", "#define CHECK(x) \\\n    if (!(x)) \\\n        return 1\n"),
    ),
    Ban(
        "lifetime words are new/free and init/dispose",
        r"\btpl_\w*(?:create|destroy|cleanup|close|delete|release)\w*\s*\(",
        ("libs/*/include/**",),
        ("libs/core/include/tpl/buffer.h", "void tpl_buffer_destroy(void);\n"),
    ),
    Ban(
        "no state per thread",
        r"\b(?:_Thread_local|thread_local|__thread)\b",
        policy.C_FILES,
        ("libs/core/src/status.c", "static _Thread_local int last;\n"),
    ),
    Ban(
        "only libs/py knows Python",
        r"\bPyObject\b|#\s*include\s*[<\"]Python\.h",
        policy.C_FILES,
        ("libs/core/src/status.c", "#include <Python.h>\n"),
        but=("libs/py/**", "benchmarks/floors/noop_module.c"),  # whose calls are what it measures
    ),
    Ban(
        "PyGILState cannot name a subinterpreter",
        r"\bPyGILState_\w+",
        ("libs/py/**",),
        ("libs/py/src/breach.c", "static int have(void) {\n    return PyGILState_Check();\n}\n"),
    ),
    Ban(
        "a name that begins with _Py is CPython's own: no version promises it",
        r"\b_Py\w+|#\s*include\s*[<\"](?:internal|cpython)/",
        ("libs/py/**",),
        ("libs/py/src/breach.c", "static int gone(void) {\n    return _Py_IsFinalizing();\n}\n"),
    ),
    Ban(
        "CMake chooses the stable ABI, for all files of the extension alike",
        r"^[ \t]*#[ \t]*(?:define|undef)[ \t]+Py_(?:LIMITED_API|BUILD_CORE\w*)\b",
        ("libs/py/**",),
        ("libs/py/src/breach.c", "#undef Py_LIMITED_API\n"),
    ),
    Ban(
        "no domain logic in the extension: call core",
        r"#\s*include\s*[<\"]xxhash\.h|\bXXH\w+\s*\(",
        ("libs/py/**",),
        ("libs/py/src/breach.c", "#include <xxhash.h>\n"),
    ),
    Ban(
        "settings belong to targets: target_...",
        r"(?i)^\s*(?:include_directories|add_definitions|add_compile_options|link_libraries)\s*\(",
        CMAKE_FILES,
        ("libs/core/CMakeLists.txt", "add_definitions(-DX)\n"),
    ),
    Ban(
        "flags belong to interface targets",
        r"\bset\s*\(\s*CMAKE_C_FLAGS",
        CMAKE_FILES,
        ("libs/core/CMakeLists.txt", 'set(CMAKE_C_FLAGS "-O3")\n'),
    ),
    Ban(
        "sources are listed by name",
        r"\bfile\s*\(\s*GLOB",
        CMAKE_FILES,
        ("libs/core/CMakeLists.txt", "file(GLOB sources *.c)\n"),
        but=("cmake/LinkPackage.cmake",),  # links what it finds while building, builds nothing from it
    ),
    Ban(
        "every build is a preset",
        r"-DCMAKE_BUILD_" + "TYPE",
        ("ci/**", "ci.*", ".ci/**", ".github/**", "docs/**", "**/*.md"),
        ("ci/README.md", "cmake -DCMAKE_BUILD_" + "TYPE=Debug\n"),
    ),
    Ban(
        "a tracker's number is no reason: say it in words",
        r"/(?:issues|pull)/\d+|\b(?i:issue|bug|pr|bpo|gh)[ -]#?\d+|\(#\d+\)",
        ("libs/**/*.[ch]", "benchmarks/**", "src/**", "ci/**/*.py", "docs/**", "**/*.md", *CMAKE_FILES),
        ("libs/core/src/status.c", "/* needed since issue " + "#12 */\n"),
        but=("CHANGELOG.md",),
        comments=True,
    ),
)


UNSAFE = (
    Unsafe(
        r"cmake (?:.* )?--build\b",
        "what anyone builds is a preset: cmake --build --preset dev",
        unless=r" --preset\b",
    ),
    Unsafe(
        r"cmake (?:.* )?(?:-S|-B|--fresh)",
        "what anyone builds is a preset: cmake --preset dev",
        unless=r" --preset\b",
    ),
    Unsafe(
        r"(?:pip[\d.]*|python[\d.]* (?:-[A-Za-z]*[WX] \S+ |-\S+ )*-[A-Za-z]*m ?pip) (?:-\S+ (?:[^-\s]\S* )??)*install\b",
        "not outside an environment of this checkout: ./ci.sh dev makes .venv, ci/requirements has what gates use",
        in_environment=True,
    ),
    Unsafe(
        r"uv (?:.* )?pip (?:.* )?install\b.* --(?:system|break-system-packages)\b",
        "not outside an environment of this checkout: ./ci.sh dev makes .venv",
    ),
    Unsafe(
        r"git (?:-[cC] \S+ |-\S+ )*push\b.* (?:--force(?![\w-])|-[A-Za-z]*f[A-Za-z]*(?= |$)|\+\S)",
        "it may throw away what others pushed: git push --force-with-lease",
    ),
)
GUARDED_PROGRAMS = r"\b(?:cmake|pip|git push)\b"  # shell that cannot be read is refused when it names one of these
