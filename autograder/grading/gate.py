"""nbgrader copies what students hand in before any plug-in sees it, and through links. Here that is looked at first.

`Collect` takes submissions out of the exchange without following a link; `GuardedExporter` keeps autograde from copying
anything of a folder that intake refuses, and gives a renamed notebook the name that nbgrader looks for.
"""

from __future__ import annotations

import contextlib
import copy
import glob
from pathlib import Path

from nbconvert.exporters import NotebookExporter
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.exchange.default import ExchangeCollect

from . import handed_in, intake


class Collect(ExchangeCollect):
    """nbgrader's collect: a link in a submission stays one that leads nowhere, and intake refuses it by its reason."""

    def do_copy(self, src, dest, log=None):
        try:
            handed_in.write(handed_in.read(Path(src)), Path(dest))
        except handed_in.Unreadable as why:
            self.log.error("%s %s. It was not collected.", src, why)


class GuardedExporter(NotebookExporter):
    """An exporter of autograde's that looks at a submission's folder before nbgrader copies what lies in it."""

    def __init__(self, config=None, **kw):
        super().__init__(config=config, **kw)
        if hasattr(self.parent, "pre_convert_hook"):
            self.parent.coursedir = copy.copy(self.parent.coursedir)        # what is ignored here is ignored by nobody else
            self.theirs, self.ignored = self.parent.pre_convert_hook, list(self.parent.coursedir.ignore)
            self.parent.pre_convert_hook = self._look

    def _look(self, **where):
        """nbgrader's hook before it copies a submission. (An exception of a hook is logged and goes no further.)"""
        app, folder = self.parent, Path(self.parent.notebooks[0]).parent
        app.coursedir.ignore = self.ignored
        try:
            intake.survey(folder)
            self._adopt(folder)
        except intake.Refused as refused:
            app.coursedir.ignore = [*self.ignored, "*", ".*"]
            self.log.error("Nothing of %s is copied: %s", folder, refused)
        if self.theirs:
            self.theirs(**where)

    def _adopt(self, folder):
        """Give a renamed notebook its name; where there is no such assignment nbgrader says so."""
        app = self.parent
        with Gradebook(app.coursedir.db_url, app.coursedir.course_id) as gradebook, contextlib.suppress(MissingEntry):
            for line in intake.adopt(folder, [notebook.name for notebook in gradebook.find_assignment(folder.name).notebooks]):
                self.log.warning("%s: %s", folder, line)
            app.notebooks = sorted(glob.glob(f"{glob.escape(str(folder))}/{app.coursedir.notebook_id}.ipynb"))
