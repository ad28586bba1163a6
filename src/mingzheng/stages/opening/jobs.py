"""Files of bids are checked after the reading act, one by one, and again while the scanner does not answer."""

import tempfile

from mingzheng.kernel import clock, ports
from mingzheng.kernel.actor import SYSTEM
from mingzheng.kernel.job import job
from mingzheng.stages.opening import commands, queries

IN_MEMORY = 16 << 20  # bytes; a larger file passes through an unnamed file of the system


@job(seconds=1.0, slow=True)
def check_files() -> int:
    """Check one file that waits. A file nobody could look into stays closed."""
    for lot, bid, one in queries.unchecked(clock.now()):
        with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as content:
            for piece in queries.file_content(lot, bid, one["part"]):
                content.write(piece)
            seen = ports.get("scanner").scan(one["name"], content)
        findings = [{"code": f.code, "severity": f.severity, "place": f.place[:200]} for f in seen.findings]
        commands.note_file_check(
            actor=SYSTEM, lot=lot, bid=bid, part=one["part"], engine=seen.engine, findings=findings
        )
        return 1
    return 0
