#!/bin/sh
# Prints every record of the stream, an event a line, shard by shard:
#   docker compose exec -T localstack sh < deploy/localstack/read-stream.sh
set -eu
for shard in $(awslocal kinesis list-shards --stream-name "$KINESIS_STREAM" --query 'Shards[].ShardId' --output text); do
  iterator=$(awslocal kinesis get-shard-iterator --stream-name "$KINESIS_STREAM" --shard-id "$shard" \
    --shard-iterator-type TRIM_HORIZON --query ShardIterator --output text)
  awslocal kinesis get-records --shard-iterator "$iterator" --query 'Records[].Data' --output text </dev/null |
    tr '\t' '\n' |
    while read -r data; do
      [ "$data" = None ] || printf '%s' "$data" | base64 --decode
      echo
    done
done
