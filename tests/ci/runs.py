"""Gates and findings as a run's document has them."""

# Each is markup, a command or a border somewhere.
HOSTILE = (
    "<script>alert(1)</script><img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)> \' " & &amp; ]]> --> </pre></style>',
    "::error file=a::pwned\n::add-mask::x\r##[add-path]/tmp",
    "| a | b |\n|---|---|\n[x](javascript:alert(1)) ![y](http://e.example/y.png) `code` **b** @all #1 http://e.example",
    "nul \0 esc \x1b[31m bell \a del \x7f \u202e \ufffe \udcff end",
    "%0A %25 , : ; = 100%",
)


def finding(message="it is wrong", path="", line=0, details=""):
    return {"message": message, "path": path, "line": line, "details": details}


def gate(name, status="passed", findings=(), **more):
    ran = status in ("passed", "failed")
    return {
        "name": name,
        "status": status,
        "reason": "",
        "seconds": 1.5 if ran else 0.0,
        "start": 0.25 if ran else None,
        "summary": f"{name} holds",
        "reproduce": f"./ci.sh {name}",
        "findings": list(findings),
        **more,
    }


def hostile():
    """A gate in which everything that can be said is hostile."""
    findings = [finding(text, text, 3, text) for text in HOSTILE] + [finding(text, details=text) for text in HOSTILE]
    return gate("hostile", "failed", findings, reason=HOSTILE[0], summary=HOSTILE[1], reproduce=HOSTILE[2])
