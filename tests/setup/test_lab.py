"""`course lab` as a program talks to it: where it listens, what it serves, what it leaves alone."""

from __future__ import annotations

import json
import socket
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import psutil
import pytest

from autograder import lab as lab_command
from autograder.course_root import CHECKOUT
from labserver import copy_of_checkout, running_lab

pytestmark = pytest.mark.process


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A home whose own Jupyter is broken in every way that reaches a server: settings that stop it, a dead kernel, dead startup code."""
    home = tmp_path_factory.mktemp("home")
    files = {
        ".jupyter/jupyter_server_config.py": "raise SystemExit('the settings of the user')",
        ".jupyter/nbgrader_config.py": "c = get_config(); c.CourseDirectory.course_id = 'of-the-user'",
        ".local/share/jupyter/kernels/python3/kernel.json": json.dumps({"argv": ["/nowhere/python"], "display_name": "of the user", "language": "python"}),
        ".ipython/profile_default/startup/00.py": "raise SystemExit('the startup code of the user')",
    }
    for name, text in files.items():
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_text(text)
    return home


def files_of(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def lab(tmp_path_factory, home):
    folder = copy_of_checkout(tmp_path_factory.mktemp("lab") / "a course")
    with running_lab(folder, HOME=str(home), JUPYTER_TOKEN="", JUPYTER_PATH=str(home / ".local/share/jupyter")) as lab:
        yield lab


def get(lab, path: str, method: str = "GET") -> object:
    request = Request(f"{lab.base}/{path}", headers={"Authorization": f"token {lab.token}"}, method=method)
    with urlopen(request, timeout=60) as answer:
        return json.load(answer)


def test_the_printed_address_opens_the_first_lecture(lab):
    first = sorted((lab.folder / "notebooks").glob("L*.ipynb"))[0].name
    assert f"/lab/tree/notebooks/{first}?token=" in lab.url
    with urlopen(lab.url, timeout=60) as answer:
        assert answer.status == 200 and b"JupyterLab" in answer.read()
    assert get(lab, f"api/contents/notebooks/{first}")["type"] == "notebook"


def test_nobody_enters_without_the_token(lab):
    with pytest.raises(HTTPError) as refused:
        urlopen(f"{lab.base}/api/contents", timeout=60)
    assert refused.value.code == 403


def listening_at(process: psutil.Process) -> list[str]:
    try:
        return [c.laddr.ip for c in process.net_connections("inet") if c.status == psutil.CONN_LISTEN]
    except psutil.NoSuchProcess:  # a kernel that has just ended
        return []


def test_it_listens_on_this_machine_only(lab):
    server = psutil.Process(lab.process.pid)
    listening = [address for process in [server, *server.children(recursive=True)] for address in listening_at(process)]
    assert listening and set(listening) == {"127.0.0.1"}


def test_nbgraders_panels_answer_for_our_course(lab):
    assert get(lab, "formgrader/api/status") == {"status": True}
    assert [course["course_id"] for course in get(lab, "formgraders")["value"]] == ["neural-networks"]
    assert get(lab, "assignments?course_id=neural-networks") == {"success": True, "value": []}
    assert get(lab, "courses")["success"] is True
    assert get(lab, "formgrader/api/assignments") == []


def test_a_kernel_is_ours_and_finds_the_course(lab):
    kernels = get(lab, "api/kernelspecs")
    assert kernels["default"] == "python3" and kernels["kernelspecs"]["python3"]["spec"]["display_name"] != "of the user"


def test_no_news_and_no_update_notice_are_asked_for(lab):
    schema = get(lab, "lab/api/settings/@jupyterlab/apputils-extension:notification")["schema"]["properties"]
    assert schema["fetchNews"]["default"] == "false" and schema["checkForUpdates"]["default"] is False


def test_the_users_own_jupyter_is_neither_used_nor_changed(lab, home):
    """Its settings would have stopped the server; after a start and a stop every file is as it was."""
    own = (".jupyter", ".local", ".ipython")
    before = {name: files_of(home / name) for name in own}
    kernel = get(lab, "api/kernels", "POST")["id"]
    assert get(lab, f"api/kernels/{kernel}")["id"] == kernel
    assert {name: files_of(home / name) for name in own} == before
    assert sorted(path.name for path in home.iterdir() if path.name in own or path.name.startswith(".jup")) == [".ipython", ".jupyter", ".local"]


def test_the_next_free_port_is_taken_when_none_is_named():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = other.getsockname()[1]
        assert lab_command.free_port(taken) != taken
        assert lab_command.port_problem(taken) == f"Port {taken} is in use by another program."


def test_a_second_lab_of_the_same_course_moves_to_the_next_port(lab):
    with running_lab(lab.folder) as second:
        assert second.base != lab.base
        assert get(second, "api/status")["started"]


def test_a_course_root_elsewhere_shows_the_lectures_too(tmp_path):
    """The formgrader works only below the folder that the server shows, so that folder is the course root itself."""
    root = tmp_path / "spring"
    root.mkdir()
    assert lab_command.server_folder(root) == root == lab_command.server_folder(root)
    assert (root / "notebooks").resolve() == CHECKOUT / "notebooks"
    assert lab_command.server_folder(CHECKOUT / "course") == CHECKOUT
    assert lab_command.first_page(root).startswith("lab/tree/notebooks/L")
