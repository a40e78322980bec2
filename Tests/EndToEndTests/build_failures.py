"""A build that cannot finish says so in two lines, with its own exit status, and changes nothing.

A full disk and a disk that cannot be written are real ones: a small tmpfs, mounted where nobody
else sees it. Two builds at once and an address that leaves the site are tried on the demo's
database; two rows with one address are tried in `SiteBuildingTests`.
"""

import fcntl
import os
import subprocess

from harness import ROOT, SITEGEN, check, run, sitegen
from servers import workspace

NAMESPACE = ["unshare", "--mount"] if os.getuid() == 0 else ["unshare", "--mount", "-r"]


def live(folder):
    """The release that is live in an output folder; None if there is none."""
    return os.readlink(folder / "current") if (folder / "current").is_symlink() else None


def explained(name, done, status, words):
    """Two lines on standard error beside progress, the words among them, and the status."""
    lines = [line for line in done.stderr.strip().splitlines()
             if not line.lstrip().startswith("rendered ")]
    check(f"{name}: exit status {status}", done.returncode == status,
          f"{done.returncode}: {done.stderr[-500:]}")
    check(f"{name}: two lines say what happened and what to do",
          2 <= len(lines) <= 3 and all(word in done.stderr for word in words),
          done.stderr[-500:])


def in_small_disk(site, script):
    """Runs a shell script where `$DISK` is a tmpfs of its own; its finished process."""
    disk = site.folder / "disk"
    disk.mkdir(exist_ok=True)
    return subprocess.run(
        [*NAMESPACE, "sh", "-c", "set -e; mount -t tmpfs -o size=300m none \"$DISK\"; " + script],
        env={**os.environ, **site.env, "DISK": str(disk), "SITEGEN": str(SITEGEN),
             "RELEASE": str(site.release)},
        cwd=site.folder,
        capture_output=True, text=True, timeout=300)


COMMON = """
cp -a "$RELEASE" "$DISK/dist"
before=$(readlink "$DISK/dist/current")
{prepare}
cd "$ROOT"
status=0
"$SITEGEN" build --all --quality best --release "$DISK/dist" --quiet || status=$?
[ "$(readlink "$DISK/dist/current")" = "$before" ] || exit 99
{restore}
exit $status
"""


def check_disks(site, root):
    """No space, and no right to write."""
    site.env["ROOT"] = str(root)
    full = in_small_disk(site, COMMON.format(
        prepare='dd if=/dev/zero of="$DISK/fill" bs=1M 2>/dev/null || true', restore=""))
    explained("a full disk", full, 73, ["No space left", "Free some space"])
    fixed = in_small_disk(site, COMMON.format(
        prepare='mount -o remount,ro "$DISK"', restore=""))
    explained("a disk that cannot be written", fixed, 73, ["Read-only"])


def check_address(site):
    """A row whose address leads out of the site."""
    before = live(site.release)
    [[slug]] = site.postgres.query("SELECT slug FROM fashion.look ORDER BY id LIMIT 1")
    where = "WHERE id = (SELECT min(id) FROM fashion.look)"
    site.postgres.query(
        "ALTER TABLE fashion.look DROP CONSTRAINT look_slug_check;"
        f"UPDATE fashion.look SET slug = '../../etc' {where}")
    site.must("db", "refresh")
    explained("an address outside of the site", site.build(), 1, ["dot segment"])
    check("the live release stays", live(site.release) == before)
    site.postgres.query(f"UPDATE fashion.look SET slug = '{slug}' {where}")
    site.must("db", "refresh")
    check("once the row is right again, the build succeeds", site.build().returncode == 0)
    check("and makes the same release", live(site.release) == before)


def check_second_build(site):
    """A build while another holds the folder."""
    before = live(site.release)
    with open(site.release / "lock", "a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        explained("a second build at once", site.build(), 75, ["Another build"])
        done = sitegen("rollback", "--release", site.release, env=site.env)
        explained("a rollback during a build", done, 75, ["Another build"])
    check("the live release stays", live(site.release) == before)


def main():
    with workspace() as site:
        check_second_build(site)
        check_disks(site, ROOT)
        check_address(site)


if __name__ == "__main__":
    run(main)
