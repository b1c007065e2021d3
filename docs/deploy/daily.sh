#!/usr/bin/env bash
# daily.sh FOLDER: erase what has outlived its retention, back up into FOLDER, check the audit's chain, send what is owed by
# e-mail, drop old sessions and backups.
# Each step runs whatever became of the others; the exit status is 1 where one of them failed.
set -u
folder=${1:?a folder for the backups}
keep_days=${KSCMP_KEEP_BACKUPS_DAYS:-30}
manage() { .venv/bin/python manage.py "$@"; }
failed=0
# Before the backup, so that it holds nothing that is gone.
manage erase_expired || failed=1
manage backup "$folder/$(date +%Y-%m-%dT%H%M%S).backup" || failed=1
manage verify_audit || failed=1
manage send_reminders || failed=1
manage clearsessions || failed=1
# Only once a newer one is there: a backup that fails for a month must not be the end of the last good one.
[ "$failed" = 1 ] || find "$folder" -name '*.backup' -mtime "+$keep_days" -delete
exit "$failed"
