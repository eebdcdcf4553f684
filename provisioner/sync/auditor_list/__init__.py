"""An auditor's request list: from a file of theirs to rows of the Audit Request Tracker."""
