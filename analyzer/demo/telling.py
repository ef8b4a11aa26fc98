"""Write a story into a bare git repository. The same story gives the same objects everywhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from analyzer.demo.story import Files, Told
from analyzer.git import process


def make(git_dir: Path, story: Sequence[Told], people: Mapping[str, str]) -> str:
    """Write a story into a new bare repository; give the object id of its last commit.

    ``people`` are names with addresses as git writes them (``Maya Demo <maya@demo.example>``). Raises
    :class:`analyzer.demo.story.BadStory`.
    """
    process.run(None, ["init", "--quiet", "--bare", "--template=", "--initial-branch=main", str(git_dir)])
    teller = _Teller(people)
    sha = ""
    with process.stream(git_dir, ["fast-import", "--quiet", "--done"], stdin=None) as importer:
        for told in story:
            importer.send(b"".join(teller.tell(told)))
            sha = importer.read(41).decode("ascii").strip()
            teller.done(told, sha)
        importer.send(b"done\n", last=True)
        for _ in importer:
            pass
    if teller.cut:
        (git_dir / "shallow").write_text(f"{teller.cut}\n")
    return sha


@dataclass(slots=True)
class _Teller:
    """Turns commits of a story into fast-import's commands, knowing the files as they stand."""

    people: Mapping[str, str]
    files: Files = field(default_factory=Files)
    shas: dict[str, str] = field(default_factory=dict[str, str])
    subjects: dict[str, str] = field(default_factory=dict[str, str])
    n_told: int = 0
    cut: str = ""

    def tell(self, told: Told) -> Iterator[bytes]:
        """The commands for one commit; fast-import answers with its object id."""
        self.n_told += 1
        who = f"{self.people[told.by]} {int(told.at.timestamp())} +0000\n"
        yield f"commit refs/heads/main\nmark :{self.n_told}\nauthor {who}committer {who}".encode()
        yield _data(self._message(told) + "\n")
        for path, text in self.files.after(told).items():
            if text is None:
                yield f"D {path}\n".encode()
            else:
                yield f"M 100644 inline {path}\n".encode() + _data(text)
        yield b"\n"
        if told.tag:
            yield f"tag {told.tag}\nfrom :{self.n_told}\ntagger {who}".encode() + _data(f"{told.tag}\n")
        yield f"get-mark :{self.n_told}\n".encode()

    def done(self, told: Told, sha: str) -> None:
        """Remember the object id of a commit that has a name, and where the history is to be cut."""
        if told.name:
            self.shas[told.name] = sha
            self.subjects[told.name] = told.message.partition("\n")[0]
        if told.is_cut:
            self.cut = sha

    def _message(self, told: Told) -> str:
        message = told.message
        for name, sha in self.shas.items():
            message = message.replace(f"{{{name}}}", sha)
        if not told.revert:
            return message
        subject, sha = self.subjects[told.revert], self.shas[told.revert]
        return f'Revert "{subject}"\n\nThis reverts commit {sha}.\n\n{message}'.rstrip()


def _data(text: str) -> bytes:
    payload = text.encode()
    return b"data %d\n" % len(payload) + payload + b"\n"
