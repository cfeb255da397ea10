# SPDX-License-Identifier: GPL-3.0-or-later
"""Random plans: IPv4 and IPv6 up to whole address spaces, subnets in subnets, VRFs, ranges,
gateways, quarantines.  For each,

  - `report usage` in TSV and JSON says what a naive count says: every boundary of anything cuts
    the addresses of a subnet into pieces, and all of a piece are the same thing;
  - `export json`, read by `import json` into an empty plan, and `export csv`, read likewise, are the
    plan again; what Python's readers find in them are its records.
"""
import csv
import io
import ipaddress
import json
import os
import random
import subprocess
import sys
import tempfile

NOW = "2026-11-23T12:00:00Z"
MOST = {4: 2**32, 6: 2**128}
env = dict(os.environ, IPAM_NOW=NOW, LC_ALL="C")
env.pop("IPAM_FILE", None)


def ipam(plan, *words, text=None):
    p = subprocess.run(["ipam", "-f", plan, *words], input=text, capture_output=True, text=True, env=env)
    return p.returncode, p.stdout, p.stderr


def show(family, n):
    return str(ipaddress.IPv4Address(n) if family == 4 else ipaddress.IPv6Address(n))


class Record:
    def __init__(self, kind, family, first, last, vrf, **attr):
        self.kind, self.family, self.first, self.last, self.vrf, self.attr = kind, family, first, last, vrf, attr

    def size(self):
        return self.last - self.first + 1

    def length(self):
        return (32 if self.family == 4 else 128) - (self.size().bit_length() - 1)

    def key(self):
        text = show(self.family, self.first)
        if self.kind == "subnet":
            text += "/%d" % self.length()
        if self.kind == "range":
            text += "-" + show(self.family, self.last)
        return text + ("%" + self.vrf if self.vrf else "")

    def holds(self, other):
        return (self.vrf, self.family) == (other.vrf, other.family) and \
            self.first <= other.first and other.last <= self.last

    def meets(self, other):
        return (self.vrf, self.family) == (other.vrf, other.family) and \
            self.first <= other.last and other.first <= self.last

    def line(self):
        def quote(v):
            if v and not any(c in v for c in ' \t"#'):
                return v
            return '"' + v.replace("\\", "\\\\").replace('"', '\\"') + '"'
        return " ".join([self.key()] + ["%s=%s" % (n.replace("_", "-"), quote(v)) for n, v in self.attr.items()])


# --- plans ----------------------------------------------------------------

NOTES = ["x", "a, b", 'say "hi"', "=1+1", "@cmd", "back\\slash", "# no comment", "ü – ≠", "semi;colon", " edge "]


def specials(s):
    """The addresses that nobody may have, by RFC."""
    if s.attr.get("usable") == "all":
        return set()
    if s.family == 4:
        return {s.first, s.last} if s.size() > 2 else set()
    return {s.first} if s.size() > 2 else set()


def parent_of(records, r):
    around = [s for s in records if s.kind == "subnet" and s is not r and s.holds(r) and s.size() >= r.size()
              and not (r.kind == "subnet" and s.size() == r.size())]
    return min(around, key=Record.size, default=None)


def random_plan(rnd):
    records = []
    for _ in range(rnd.randint(1, 9)):
        family, vrf = rnd.choice([4, 4, 6]), rnd.choice(["", "", "blue"])
        bits = 32 if family == 4 else 128
        held = [s for s in records if s.kind == "subnet" and s.family == family and s.vrf == vrf and s.size() > 4]
        if held and rnd.random() < 0.75:
            around = rnd.choice(held)
            length = min(bits, around.length() + rnd.choice([1, 1, 2, 3, 8]))
            size = 2 ** (bits - length)
            first = around.first + size * rnd.randrange(around.size() // size)
        else:
            length = rnd.choice([0, 1, 8, 24, 29, 30, 31, 32] if family == 4 else [0, 1, 32, 63, 64, 120, 125, 126, 127, 128])
            size = 2 ** (bits - length)
            first = size * rnd.randrange(2**length)
        new = Record("subnet", family, first, first + size - 1, vrf)
        if any(s.key() == new.key() for s in records):
            continue
        if family == 6 and new.first >> 118 == 0xfe80 >> 6:
            continue
        if rnd.random() < 0.15:
            new.attr["status"] = rnd.choice(["container", "reserved", "deprecated"])
        if rnd.random() < 0.1:
            new.attr["usable"] = "all"
        if rnd.random() < 0.4:
            new.attr["gw"] = show(family, first + rnd.randrange(min(size, 8)))
        records.append(new)
    subnets = list(records)
    for s in subnets:
        for _ in range(rnd.randint(0, 2)):
            add_range(rnd, records, s)
        for _ in range(rnd.randint(0, 6)):
            add_address(rnd, records, s)
    return records


def place(rnd, s):
    if rnd.random() < 0.5:
        return s.first + rnd.randrange(min(s.size(), 12))
    return s.last - rnd.randrange(min(s.size(), 12)) if rnd.random() < 0.5 else s.first + rnd.randrange(s.size())


def add_range(rnd, records, s):
    a, b = sorted((place(rnd, s), place(rnd, s)))
    r = Record("range", s.family, a, b, s.vrf, role=rnd.choice(["pool", "dhcp", "reserved"]))
    if any(o.meets(r) for o in records if o.kind == "range") or parent_of(records, r) is not s:
        return
    if any(o.kind == "subnet" and o is not s and s.holds(o) and o.meets(r) for o in records):
        return
    records.append(r)


def add_address(rnd, records, s):
    at = place(rnd, s)
    r = Record("address", s.family, at, at, s.vrf)
    around = parent_of(records, r)
    if any(o.kind == "address" and o.meets(r) for o in records):
        return
    if s.family == 6 and at >> 118 == 0xfe80 >> 6 or around and at in specials(around):
        return
    r.attr = rnd.choice([{}, {}, {"status": "reserved"}, {"status": "deprecated"}, {"status": "quarantine"},
                         {"status": "quarantine", "until": "2026-11-24T00:00:00Z"},
                         {"status": "quarantine", "until": "2026-11-20T00:00:00Z"}]).copy()
    if rnd.random() < 0.4:
        r.attr["note"] = rnd.choice(NOTES)
    if rnd.random() < 0.2:
        r.attr["tag"] = "a,b"
    if rnd.random() < 0.1:
        r.attr["x-own.%d" % rnd.randrange(3)] = ""
    records.append(r)


# --- counting -------------------------------------------------------------

def is_quarantine_over(r):
    return r.attr.get("status") == "quarantine" and r.attr.get("until", "9") <= NOW


def kind_at(inside, gateways, v):
    """What one address of a subnet is, by what the manual says, first its record."""
    for r in inside:
        if r.kind == "address" and r.first == v and not is_quarantine_over(r):
            return "reserved" if r.attr.get("status") in ("reserved", "quarantine") else "used"
    if v in gateways:
        return "reserved"
    for r in inside:
        if r.kind == "range" and r.first <= v <= r.last and r.attr["role"] != "pool":
            return r.attr["role"]
    return "free"


def count(records, s):
    inside = [r for r in records if r is not s and s.holds(r) and parent_of(records, r) is s]
    children = [r for r in inside if r.kind == "subnet"]
    container = bool(children) or s.attr.get("status") == "container"
    barred = set() if container else specials(s)
    gateways = {int(ipaddress.ip_address(r.attr["gw"])) for r in records
                if r.kind == "subnet" and "gw" in r.attr and (r is s or r.holds(s))}
    cuts = {s.first, s.last + 1}
    for r in inside:
        cuts |= {r.first, r.last + 1}
    for v in barred | {v for v in gateways if s.first <= v <= s.last}:
        cuts |= {v, v + 1}
    cuts = sorted(cuts)
    n = dict.fromkeys(("size", "used", "reserved", "dhcp", "free", "children"), 0)
    for a, b in zip(cuts, cuts[1:]):
        if a in barred:
            continue
        n["size"] += b - a
        if any(c.first <= a <= c.last for c in children):
            n["children"] += b - a
        else:
            n[kind_at(inside, gateways, a)] += b - a
    own = n["used"] + n["reserved"] + n["dhcp"]
    n["busy"] = own + sum(count(records, c)["busy"] for c in children)
    n["used"] += n["children"]
    n["percent"] = 1000 * (n["size"] - n["free"]) // n["size"] if n["size"] else 0
    return n


FIELDS = ["size", "used", "reserved", "dhcp", "free", "busy"]


def expected(records):
    out = {}
    for s in records:
        if s.kind == "subnet":
            n = count(records, s)
            out[s.key()] = [n[f] for f in FIELDS] + ["%d.%d" % divmod(n["percent"], 10)]
    return out


# --- checks ---------------------------------------------------------------

def check_usage(plan, records):
    fields = "prefix," + ",".join(FIELDS) + ",percent"
    wanted = expected(records)
    _, text, err = ipam(plan, "report", "usage", "-o", "tsv", "--fields", fields)
    got = {w[0]: [int(x) for x in w[1:-1]] + [w[-1]] for w in (line.split("\t") for line in text.splitlines())}
    if got != wanted:
        return "usage -o tsv: %s" % err + "".join(
            "\n  %s: %s, wanted %s" % (k, got.get(k), wanted.get(k)) for k in {**got, **wanted} if got.get(k) != wanted.get(k))
    _, text, _ = ipam(plan, "report", "usage", "-o", "json", "--fields", fields)
    for row in json.loads(text):
        n = wanted[row["prefix"]]
        for f, value in zip(FIELDS, n):
            if row[f] != (value if value <= 2**53 else str(value)):
                return "usage -o json: %s %s is %r" % (row["prefix"], f, row[f])
    return None


def attributes(plan):
    _, text, _ = ipam(plan, "list", "-o", "json")
    return {r["key"]: r["attributes"] for r in json.loads(text)}


def check_json(plan, records, tmp):
    copy = os.path.join(tmp, "copy")
    _, text, _ = ipam(plan, "export", "json")
    told = {r["key"]: r["attributes"] for r in json.loads(text)["records"]}
    wanted = {r.key(): r.attr for r in records}
    if {k: v for k, v in told.items() if k[0] != "@"} != wanted:
        return "export json: %s" % text
    open(copy, "w").close()
    status, _, err = ipam(copy, "import", "json", "-", text=text)
    if status or sorted(open(copy)) != sorted(open(plan)) or ipam(copy, "export", "json")[1] != text:
        return "import json: %d %s\n%s" % (status, err, open(copy).read())
    return None


def check_csv(plan, records, tmp):
    copy = os.path.join(tmp, "copy")
    _, text, _ = ipam(plan, "export", "csv")
    rows = {row.pop("key"): {n: v for n, v in row.items() if v} for row in csv.DictReader(io.StringIO(text))}
    wanted = {r.key(): {n: v for n, v in r.attr.items() if v} for r in records}
    if rows != wanted:
        return "export csv: %s" % text
    with open(copy, "w") as f:
        f.write("@vrf blue\n")
    status, _, err = ipam(copy, "import", "csv", "-", text=text)
    got = attributes(copy)
    got.pop("@vrf blue", None)
    if status or {k: v for k, v in got.items()} != wanted:
        return "import csv: %d %s\n%s" % (status, err, open(copy).read())
    return None


def main():
    plans, seed = int(sys.argv[1]), int(sys.argv[2])
    passed = failed = subnets = 0
    for i in range(plans):
        rnd = random.Random("%d %d" % (seed, i))
        records = random_plan(rnd)
        with tempfile.TemporaryDirectory() as tmp:
            plan = os.path.join(tmp, "network.ipam")
            with open(plan, "w") as f:
                f.write("@vrf blue\n")
                lines = [r.line() for r in records]
                rnd.shuffle(lines)
                f.write("".join(line + "\n" for line in lines))
            status, text, err = ipam(plan, "check")
            if status:
                failed += 1
                print("FAIL: plan %d is not valid: %s%s" % (i, text, err))
                continue
            ipam(plan, "fmt")
            subnets += sum(r.kind == "subnet" for r in records)
            for check in (check_usage(plan, records), check_json(plan, records, tmp), check_csv(plan, records, tmp)):
                if check:
                    failed += 1
                    print("FAIL: plan %d of seed %d: %s\n%s" % (i, seed, check, open(plan).read()))
                else:
                    passed += 1
    if subnets < plans:
        failed += 1
        print("FAIL: only %d subnets in %d plans" % (subnets, plans))
    print("%d passed, %d failed" % (passed, failed))
    return failed > 0


sys.exit(main())
