"""`course lab`: JupyterLab on the first lecture, nbgrader's panels at work, nothing of the user's own Jupyter touched."""

from __future__ import annotations

import errno
import os
import secrets
import socket
import sys
from pathlib import Path
from urllib.parse import quote

from autograder.course_root import CHECKOUT, make_course_root, settings
from autograder.errors import CourseError
from autograder.imports import skip_slow_formats

ADDRESS = "127.0.0.1"
FIRST_PORT = 8888


def start(course_dir: Path | None, *, shared_exchange: Path | None, port: int | None, browser: bool, verbose: bool = False) -> None:
    """Make the course root where it is missing, start the server and stay until it is stopped."""
    named = course_dir or os.environ.get("COURSE_DIR")
    root = make_course_root(named or _checkout() / "course", shared_exchange)
    port, retries = (free_port(), 50) if port is None else (claim_port(port), 0)  # another may be quicker to the free one
    folder = server_folder(root)
    page = first_page(folder)
    token = secrets.token_hex(24)

    os.environ.update(environment(root))
    for name in FOREIGN:
        os.environ.pop(name, None)
    os.chdir(folder)
    skip_slow_formats()

    try:
        from jupyterlab.labapp import LabApp
    except Exception as error:  # a broken package may raise anything
        raise CourseError(f"JupyterLab does not start: {error}. `course doctor` says what is missing.") from error

    server = LabApp.initialize_server(argv=arguments(folder, port, retries, page, token, browser and has_display(), verbose))
    server.io_loop.add_callback(announce, f"http://{ADDRESS}:{server.port}/{page}?token={token}", root)  # once it listens
    server.start()


def arguments(folder: Path, port: int, retries: int, page: str, token: str, browser: bool, verbose: bool) -> list[str]:
    """JupyterLab's own options: this machine only, nothing to confirm."""
    import zmq

    return [
        f"--ServerApp.ip={ADDRESS}",
        f"--ServerApp.port={port}",
        f"--ServerApp.port_retries={retries}",
        f"--ServerApp.root_dir={folder}",
        f"--ServerApp.open_browser={browser}",
        f"--ServerApp.allow_root={is_root()}",
        "--ServerApp.answer_yes=True",
        f"--IdentityProvider.token={token}",
        f"--Application.log_level={'INFO' if verbose else 'ERROR'}",
        f"--KernelManager.transport_encryption={'auto' if zmq.has('curve') else 'disabled'}",  # nobody listens in on a kernel
        f"--LabApp.default_url=/{page}",
    ]


# Settings of another Jupyter that would reach into ours.
FOREIGN = ("JUPYTER_PATH", "JUPYTER_NO_CONFIG", "JUPYTERLAB_DIR", "JUPYTERLAB_SETTINGS_DIR", "JUPYTERLAB_WORKSPACES_DIR")


def environment(root: Path) -> dict[str, str]:
    """What the server and everything started from it sees: its own Jupyter folders inside the course root."""
    jupyter = root / ".jupyter"
    return {
        "COURSE_DIR": str(root),
        "JUPYTER_CONFIG_DIR": str(jupyter / "config"),
        "JUPYTER_DATA_DIR": str(jupyter / "data"),
        "JUPYTER_RUNTIME_DIR": str(jupyter / "runtime"),
        # nbgrader finds nbgrader_config.py in the first; the second asks JupyterLab for no news and no update notice
        "JUPYTER_CONFIG_PATH": os.pathsep.join([str(root), str(Path(__file__).with_name("jupyter"))]),
        "JUPYTER_PREFER_ENV_PATH": "1",
        "IPYTHONDIR": str(jupyter / "ipython"),
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)]),
    }


def server_folder(root: Path) -> Path:
    """The folder that the browser shows. The formgrader works only where it contains the course root.

    A course root outside the checkout gets a link to the lectures instead.
    """
    checkout = _checkout()
    if root.is_relative_to(checkout):
        return checkout
    link = root / "notebooks"
    if (checkout / "notebooks").is_dir() and not link.exists():
        link.unlink(missing_ok=True)
        link.symlink_to(checkout / "notebooks", target_is_directory=True)
    return root


def first_page(folder: Path) -> str:
    """The address, below the server's, of the first lecture; of the launcher where there is none."""
    lectures = sorted((folder / "notebooks").glob("L*.ipynb"))
    return "lab/tree/" + quote(lectures[0].relative_to(folder).as_posix()) if lectures else "lab"


def claim_port(port: int) -> int:
    """`port`, or a `CourseError` where another program has it."""
    if (problem := port_problem(port)):
        raise CourseError(f"{problem} Choose another, for example: course lab --port {free_port(port + 1)}")
    return port


def free_port(first: int = FIRST_PORT) -> int:
    """The first free port from `first` on."""
    for port in range(first, min(first + 100, 65536)):
        if not port_problem(port):
            return port
    return 0  # the system picks one


def port_problem(port: int) -> str | None:
    if not 1 <= port <= 65535:
        return f"Port {port} does not exist: a port is a number from 1 to 65535."
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((ADDRESS, port))
        except OSError as error:
            if error.errno == errno.EACCES:
                return f"Port {port} may be used by the system only."
            return f"Port {port} is in use by another program."
    return None


def announce(url: str, root: Path) -> None:
    lines = [
        "JupyterLab is running. Open this address in a browser:",
        "",
        f"    {url}",
        "",
        f"Homework that you fetch lies in {settings(root).homework}, the course root is {root}.",
        "Stop with Ctrl-C.",
    ]
    if is_root():
        lines.append("Running as root: everything typed into a notebook runs as root. It listens on this machine only.")
    print("\n".join(lines), flush=True)


def is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def has_display() -> bool:
    """Whether a browser has somewhere to open."""
    return sys.platform in ("darwin", "win32") or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _checkout() -> Path:
    """The folder with the lectures: the checkout this package lies in, else the working directory."""
    return CHECKOUT if (CHECKOUT / "notebooks").is_dir() else Path.cwd().resolve()
