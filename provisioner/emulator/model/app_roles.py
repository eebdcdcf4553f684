"""Which application permissions suffice for which sort of call, least first.

Microsoft nests the `Sites.*` application permissions: each does what the one before it does
(learn.microsoft.com/graph/permissions-reference). ``Sites.Selected`` is not listed; it is honoured
through the grants of a site.
"""

from __future__ import annotations

READ = ("Sites.Read.All", "Sites.ReadWrite.All", "Sites.Manage.All", "Sites.FullControl.All")
WRITE = ("Sites.ReadWrite.All", "Sites.Manage.All", "Sites.FullControl.All")
MANAGE = ("Sites.Manage.All", "Sites.FullControl.All")
FULL_CONTROL = ("Sites.FullControl.All",)
CREATE_SITE = ("Sites.Create.All", "Sites.FullControl.All")
FILES_READ = ("Files.Read.All", "Files.ReadWrite.All", *READ)
FILES_WRITE = ("Files.ReadWrite.All", *WRITE)
