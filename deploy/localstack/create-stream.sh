#!/bin/sh
# LocalStack runs this each time it is ready: as a rule it keeps nothing when it stops, and the stream is made again.
set -eu
awslocal kinesis describe-stream-summary --stream-name "$KINESIS_STREAM" >/dev/null 2>&1 ||
  awslocal kinesis create-stream --stream-name "$KINESIS_STREAM" --shard-count 2
