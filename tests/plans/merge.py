# SPDX-License-Identifier: GPL-3.0-or-later
"""Random sources into random plans, with keep and with update: `import` ends with 0, what it makes
is a plan, and a second run changes nothing and counts nothing but what is left."""
import os
import random
import subprocess
import sys
import tempfile

NAMES = ["a", "b", "c", "d", "A", "x.sub", "e.example.org."]
env = dict(os.environ, IPAM_NOW="2026-11-23T12:00:00Z", LC_ALL="C")
env.pop("IPAM_FILE", None)


def ipam(*words):
    p = subprocess.run(["ipam", "-f", "plan", *words], capture_output=True, text=True, env=env)
    return p.returncode, p.stdout, p.stderr


def address(r):
    return f"10.0.{r.randrange(4)}.{r.randrange(1, 6)}"


class Names:
    """Names of which each is given once of its kind, or any number of times."""

    def __init__(self, r, once):
        self.r, self.once, self.used = r, once, set()

    def attr(self, key, chance):
        name = self.r.choice(NAMES[:5])
        kind = "host" if key == "alias" else key
        if self.r.random() >= chance or (self.once and (kind, name.lower()) in self.used):
            return ""
        self.used.add((kind, name.lower()))
        return f" {key}={name}"


def plan(r, once):
    names, lines = Names(r, once), []
    for i in range(4):
        if r.random() < 0.2:
            continue
        domain = r.choice(["", " domain=example.net", " domain=example.net"])
        lines.append(f"10.0.{i}.0/24{names.attr('name', 0.8)}{domain}{r.choice(['', ' vlan=1', ' vlan=2'])}")
        for k in range(1, 6):
            if r.random() < 0.3:
                rest = r.choice(["", "", " status=quarantine", " status=quarantine until=2020-01-01"])
                lines.append(f"10.0.{i}.{k}{names.attr('host', 0.8)}{names.attr('alias', 0.4) if not rest else ''}{rest}")
        if r.random() < 0.3:
            lines.append(f"10.0.{i}.10-10.0.{i}.{r.randrange(11, 30)}{names.attr('name', 0.8)}")
    return lines


def other(r):
    lines = plan(r, False) + (plan(r, False) if r.random() < 0.3 else [])
    r.shuffle(lines)
    return {"other": lines}


def table(r):
    rows = [f"{address(r)},{r.choice(NAMES)},{r.choice(['', 'one', 'two'])}" for _ in range(12)]
    return {"other": ["address,host,note", *rows]}


def hosts(r):
    return {"other": [f"{address(r)} {' '.join(r.choices(NAMES[:5], k=r.randrange(1, 4)))}" for _ in range(10)]}


def pointer(r):
    return ".".join(reversed(address(r).split(".")[1:]))


def complete(name):
    return name if name.endswith(".") else f"{name}.example.net."


def zone(r):
    soa = ["@ SOA ns.example.com. h.example.com. 1 1 1 1 1"] if r.random() < 0.7 else []
    ttl = ["", "", "", "60 ", "300 "]
    forward = [f"{r.choice(NAMES)} {r.choice(ttl)}A {address(r)}" for _ in range(8)]
    forward += [f"{r.choice(NAMES)} CNAME {r.choice(NAMES)}" for _ in range(4)]
    reverse = [f"{pointer(r)} {r.choice(ttl)}PTR {complete(r.choice(NAMES))}" for _ in range(8)]
    r.shuffle(forward)
    files = [("example.net.zone", soa + forward), ("10.in-addr.arpa.zone", soa + reverse)]
    r.shuffle(files)
    return dict(files if r.random() < 0.7 else files[:1])


FORMATS = {"ipam": other, "csv": table, "hosts": hosts, "zone": zone}


def write(name, lines):
    with open(name, "w") as f:
        f.write("".join(line + "\n" for line in lines))


def read():
    with open("plan") as f:
        return f.read()


def failure(words):
    status, _, said = ipam(*words)
    first = read()
    if status:
        return f"exit status {status}\n{said}"
    status, problems, _ = ipam("check")
    if status:
        return f"no plan any more\n{problems}"
    status, _, said = ipam(*words)
    if status or read() != first or "import: 0 added, 0 changed," not in said:
        return f"not the same\n{said}{first}--\n{read()}"
    return None


def main(count, seed):
    failed = 0
    for k in range(count):
        r = random.Random(f"{seed}.{k}")
        old = plan(r, True)
        for form, make in FORMATS.items():
            files = make(r)
            for how in "keep", "update":
                write("plan", old)
                for name, lines in files.items():
                    write(name, lines)
                orphans = ["--orphans"] if r.random() < 0.3 else []
                why = failure(["import", form, *files, "--conflict", how, *orphans])
                if why:
                    failed += 1
                    print(f"plan {k} of seed {seed}: import {form} --conflict {how}: {why}", *old, sep="\n")
                    for name, lines in files.items():
                        print(f"-- {name}", *lines, sep="\n")
    total = count * len(FORMATS) * 2
    print(f"{total - failed} passed, {failed} failed")
    return failed > 0


with tempfile.TemporaryDirectory() as folder:
    os.chdir(folder)
    sys.exit(main(int(sys.argv[1]), sys.argv[2]))
