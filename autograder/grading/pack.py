"""`course pack`: one file to hand in where there is no exchange, such as an upload to Canvas or Moodle, or on Windows.

The format of ``A1_<student>.zip``, which `course collect --from` reads:

- ``receipt.json`` (UTF-8) at the top: ``{"format": 1, "assignment": "A1", "student": "ada", "name": "Ada Lovelace",
  "time": "2027-04-20T21:30:00+00:00", "verified": false, "sha256": …, "files": {name: SHA-256, …}}``. `student` and `name`
  are as typed, `time` is the student's own clock: all of it is the student's word, and counts as unverified until the
  file was collected. `files` and `sha256` are `receipts.contents` and `receipts.digest` of the files below;
- the notebooks, at the top, under the names that they were released with, outputs that are too large taken out;
- the data files that the assignment allows, under their relative names, with ``/`` between folders on every system.

Names are UTF-8. There are no folders' entries, no links and no absolute names, and no name is there twice.
"""

from __future__ import annotations

FORMAT = 1
RECEIPT = "receipt.json"
