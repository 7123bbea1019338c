"""The warm server: a Python with NumPy, IPython and, where somebody draws, matplotlib loaded, and no secret. It forks itself for each submission.

Started as ``python -I -S server.py CONFIGURATION`` in bubblewrap's namespaces, or without them, with the files that it
imports beside it. The trusted side speaks to it over a socket, one line of JSON each way:

- {"do": "start", "scratch": folder, "there": processes} with the submission's channel as a descriptor → {"started": true},
  and a fork answers on the channel, walled in by all layers of the configuration;
- {"do": "end"} → {"ended": true, …} when no process of the submission is left.

No code of the student's runs in this process. It ends when the trusted side closes the socket.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import resource
import select
import shutil
import socket
import sys
import traceback

HERE = os.path.dirname(os.path.abspath(__file__))
OURS = ("elsewhere", "landlock", "limits", "namespaces", "privileges", "seccomp", "student", "tables", "watch", "wire")
ROOMS = {"/tmp": 16 << 20, "/dev/shm": 16 << 20, "/scratch": 128 << 20}
DEVICES = ("/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom")


def main():
    house = json.loads(sys.argv[1])
    sys.path[:0] = [HERE, house["modules"]]
    import site
    site.sethelper()
    Server(house).serve()


class Server:
    """One submission at a time: its fork, its family, and what it took."""

    def __init__(self, house):
        for name in OURS:
            setattr(self, name, importlib.import_module(name))
        landlock, limits, privileges = self.landlock, self.limits, self.privileges
        self.house = house
        doors = privileges.open_doors(None if house["namespaces"] else house["modules"]) if house["user"] and not house["namespaces"] else []
        self.student = self.student.Student()
        import numpy.random  # noqa: F401  (loaded once, for all)
        if house["plots"]:
            import matplotlib.pyplot  # noqa: F401
            import matplotlib_inline.backend_inline  # noqa: F401
        self.doors = doors
        self.grants = landlock.grant(house["readable"], landlock.READ) + [(door, landlock.READ) for door in doors]
        if house["namespaces"]:
            for place in ROOMS:
                os.chmod(place, 0o1777) if os.stat(place).st_uid == os.geteuid() else None
        if house["user"] and house["namespaces"]:
            with contextlib.suppress(OSError):           # root's bubblewrap covers parts of /proc; a fork may have its own only where one is bare
                self.namespaces.show_processes()
        if house["user"]:
            privileges.become(house["user"])
        limits.no_new_privileges()
        limits.die_with_parent()
        limits.adopt_orphans()
        if not house["namespaces"]:
            limits.be_closed()
        sys.path.remove(HERE)
        for name in OURS:                                # a student's own file may be called `watch.py`
            del sys.modules[name]
        self.control = socket.socket(fileno=house["control"])
        self.own = house["namespaces"] and self._may_unshare()
        if house["seccomp"] == "all" and self.own:
            self.seccomp.assemble(os.uname().machine)    # for all forks; else each needs its own number in it
        self.running, self.complaint, self.watchdog, self.child, self.scratch = False, "", None, None, None
        gc.collect()
        gc.freeze()                                      # what is loaded now is garbage in no fork

    def serve(self):
        self._say({"own": self.own})
        while True:
            readable, _, _ = select.select([self.control], [], [], self.watch.SECONDS if self.running else None)
            if not readable:
                self._look()
                continue
            text, descriptors, *_ = socket.recv_fds(self.control, 1 << 16, 1)
            if not text:                                 # the trusted side is gone: leave nothing behind
                self._sweep()
                for folder in (self.scratch, os.path.dirname(self.house["modules"])):
                    if folder and not self.house["namespaces"]:
                        with contextlib.suppress(RecursionError):
                            shutil.rmtree(folder, ignore_errors=True)
                return
            request = json.loads(text)
            self._start(request, *descriptors) if request["do"] == "start" else self._end()

    def _say(self, answer):
        self.control.sendall(json.dumps(answer).encode() + b"\n")

    def _may_unshare(self) -> bool:
        """Whether a fork gets namespaces of its own here: tried."""
        user, group = os.geteuid(), os.getegid()
        try:
            pid = self.namespaces.fork()
        except OSError:
            return False
        if pid == 0:
            try:
                self.namespaces.settle(user, group)
                self.namespaces.furnish(ROOMS)
                os._exit(0)
            except BaseException:
                os._exit(1)
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0

    # ---- the trusted side's requests

    def _start(self, request, descriptor):
        self.before, self.complaint, self.running = _used(), "", True
        self.scratch = request["scratch"]
        self.watchdog = self.watch.Watchdog(None if self.own else self.scratch, request["room"])
        user, group = os.geteuid(), os.getegid()
        pid = self.namespaces.fork() if self.own else os.fork()
        if pid == 0:
            try:
                if self.own:
                    self.namespaces.settle(user, group)
                self.control.close()
                self._live(descriptor, request)
            except BaseException:
                traceback.print_exc()                    # for the trusted side: no code of the student's has run yet
            finally:
                os._exit(1)
        os.close(descriptor)
        self.child = None if self.own else pid
        self._say({"started": True})

    def _look(self):
        self.complaint = self.watchdog.complaint() or self.complaint
        if self.complaint:
            self.running = not self._sweep()

    def _end(self):
        ended = self._sweep()
        self.running = False
        self._say({"ended": ended, "complaint": self.complaint, "cpu": _used() - self.before})

    def _sweep(self):
        if self.child:
            for kill in (os.kill, os.killpg):            # where no process list shows it: itself and its group
                try:
                    kill(self.child, 9)
                except OSError:
                    pass
            self.child = None                            # its number may soon be another's
        return self.watch.sweep()

    # ---- the fork

    def _live(self, descriptor, request):
        """Never returns: the student's process, walled in, serves until its channel closes."""
        if self.own:
            self.namespaces.furnish({**ROOMS, "/scratch": request["room"]})
            self.namespaces.drop_capabilities()
            child = os.fork()
            if child:
                os.close(descriptor)
                _reap_until(child)
        else:
            self.limits.die_with_parent()
            self.limits.be_open()
        os.setsid()
        self._wall_in(request)
        self._refresh(request["scratch"])
        self.limits.keep_descriptors(descriptor, *self.doors)
        connection = socket.socket(fileno=os.dup(descriptor))      # the first number that is free
        os.close(descriptor)
        connection.send(b"!")                            # with it the kernel tells the trusted side who speaks
        self.student.serve(self.wire.Channel(connection))
        os._exit(0)

    def _wall_in(self, request):
        """From here on the limits, Landlock and the filter hold, as far as the configuration has them."""
        house, landlock = self.house, self.landlock
        self.limits.apply(self.limits.MOST_PROCESSES + request["there"])
        try:
            with open("/proc/self/oom_score_adj", "w") as file:
                file.write("1000")                       # the kernel takes this one before the server
        except OSError:
            pass
        if house["landlock"]:
            rooms = list(ROOMS) if house["namespaces"] else [request["scratch"]]
            seen = landlock.grant(["/proc"], landlock.READ) if house["namespaces"] else []
            landlock.enter(self.grants + seen + landlock.grant(rooms, landlock.WRITE) + landlock.grant(DEVICES, landlock.DEVICE))
        if house["seccomp"]:
            self.seccomp.enter(signals_only=house["seccomp"] == "signals", alone=not self.own)

    @staticmethod
    def _refresh(scratch):
        """What must not be the same in two forks: the folder, its names in the environment, the random numbers."""
        import tempfile
        numpy = sys.modules["numpy"]
        os.chdir(scratch)
        sys.path.insert(0, scratch)                      # a module beside the notebook is imported, as in a notebook
        sys.dont_write_bytecode = True
        for name in ("HOME", "TMPDIR", "PWD"):
            os.environ[name] = scratch
        os.environ["IPYTHONDIR"], os.environ["MPLCONFIGDIR"] = f"{scratch}/.ipython", f"{scratch}/.matplotlib"
        tempfile.tempdir = None
        numpy.random.seed()


def _used() -> float:
    """CPU seconds of all forks that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _reap_until(child):
    """Be the first process of the namespaces: bury orphans until the student's process ends, and all with it."""
    while True:
        try:
            if os.wait()[0] == child:
                os._exit(0)
        except ChildProcessError:
            os._exit(0)


if __name__ == "__main__":
    main()
