"""Repositories that try to run a command or to make the history say something else."""

from __future__ import annotations

from tests.hostile.forge import PERSON, START, Forge, mode

_HOOKS = (
    "post-checkout pre-commit post-commit reference-transaction post-index-change fsmonitor-watchman pre-auto-gc "
    "post-rewrite sendemail-validate pre-receive update post-update proc-receive"
)


def usable_20_submodules(forge: Forge) -> None:
    """A ``.gitmodules`` with commands, options and climbing paths, and the submodules it names."""
    modules = f"""
[submodule "a"]\n\tpath = a\n\turl = ext::sh -c "{forge.payload}"\n\tupdate = !{forge.payload}
[submodule "../../hooks"]\n\tpath = b\n\turl = -u{forge.marker}
[submodule "c"]\n\tpath = c\n\turl = ssh://-oProxyCommand={forge.payload}/x
"""
    link = "13" * 20
    entries = [(mode("file"), b".gitmodules", forge.blob(modules.encode()))]
    entries += [(mode("submodule"), name, link) for name in (b"a", b"b", b"c")]
    entries.append((mode("file"), b"app.py", forge.blob(b"print(1)\n")))
    forge.branch(forge.commit(forge.tree(sorted(entries, key=lambda entry: entry[1]))))


def usable_21_attributes(forge: Forge) -> None:
    """A ``.gitattributes`` that names diff, text conversion and filter drivers and calls source code binary."""
    attributes = b"* diff=evil filter=evil merge=evil\n*.py -diff binary\n[attr]x diff=evil\n"
    first = forge.commit(forge.files({".gitattributes": attributes, "app.py": b"print(1)\n"}))
    forge.branch(forge.commit(forge.files({".gitattributes": attributes, "app.py": b"print(2)\n"}), [first]))


def usable_22_lfs_pointer(forge: Forge) -> None:
    """A large-file pointer instead of a file."""
    pointer = b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"0" * 64 + b"\nsize 99999999999\n"
    files = {".gitattributes": b"*.bin filter=lfs diff=lfs merge=lfs -text\n", "model.bin": pointer}
    forge.branch(forge.commit(forge.files({**files, "app.py": b"print(1)\n"})))


def usable_23_mailmap(forge: Forge) -> None:
    """A ``.mailmap`` that gives another person's commits to the candidate."""
    other = b"Olga Other <olga@example.org> %d +0000" % START
    mailmap = b"Pat Person <pat@example.org> <olga@example.org>\n"
    forge.branch(forge.commit(forge.files({".mailmap": mailmap, "app.py": b"a\nb\n"}), author=other, committer=other))


def usable_24_replaced_commit(forge: Forge) -> None:
    """A replace ref that shows another author and another file instead of the real commit."""
    other = b"Olga Other <olga@example.org> %d +0000" % START
    real = forge.commit(forge.files({"app.py": b"a\nb\n"}), author=other, committer=other)
    fake = forge.commit(forge.files({"prod_rollback.py": b"fake\n"}), author=PERSON + b" %d +0000" % START)
    forge.write(f"refs/replace/{real}", f"{fake}\n")
    forge.branch(real)


def usable_32_configuration(forge: Forge) -> None:
    """A ``.git/config``, hooks, attributes and an included file that all run a command."""
    run = forge.write("evil.sh", f'#!/bin/sh\n{forge.payload}\ncat "$@" 2>/dev/null\nexit 0\n', executable=True)
    for hook in _HOOKS.split():
        forge.write(f"hooks/{hook}", f"#!/bin/sh\n{forge.payload}\n", executable=True)
    included = forge.write("included", f'[core]\n\tfsmonitor = "{run}"\n[user]\n\temail = victim@example.org\n')
    forge.write("info/attributes", "* diff=evil filter=evil\n")
    forge.write("config", _evil_config(str(run), str(included), str(forge.git_dir / "hooks")))
    attributes = b"* diff=evil filter=evil\n"
    first = forge.commit(forge.files({".gitattributes": attributes, "app.py": b"a\nb\n"}))
    forge.branch(forge.commit(forge.files({".gitattributes": attributes, "app.py": b"a\nc\n"}), [first]))


def _evil_config(run: str, included: str, hooks: str) -> str:
    return f"""
[core]
	repositoryformatversion = 0
	bare = false
	fsmonitor = {run}
	pager = {run}
	editor = {run}
	sshCommand = {run}
	askPass = {run}
	gitProxy = {run}
	hooksPath = {hooks}
	alternateRefsCommand = {run}
[include]
	path = {included}
[diff]
	external = {run}
[diff "evil"]
	textconv = {run}
	command = {run}
[filter "evil"]
	clean = {run}
	smudge = {run}
	process = {run}
[merge "evil"]
	driver = {run}
[alias]
	log = !{run}
	rev-parse = !{run}
	ls-tree = !{run}
	cat-file = !{run}
[pager]
	log = {run}
	blame = {run}
[credential]
	helper = !{run}
[gpg]
	program = {run}
[log]
	showSignature = true
[uploadpack]
	packObjectsHook = {run}
[blame]
	ignoreRevsFile = {included}
[submodule "x"]
	update = !{run}
[remote "origin"]
	url = ext::{run}
	vcs = evil
	uploadpack = {run}
	promisor = true
	partialclonefilter = blob:none
"""
