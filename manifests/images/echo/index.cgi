#!/bin/sh
# Answers with the pod's name, which is its host name.
printf 'Content-Type: text/plain\r\n\r\n%s\n' "$(hostname)"
