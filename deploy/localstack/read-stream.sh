#!/bin/sh
# Prints the records of the stream, an event a line, shard by shard, of each the oldest 10,000, which is what one call gives:
#   docker compose exec -T localstack sh < deploy/localstack/read-stream.sh
set -eu
for shard in $(awslocal kinesis list-shards --stream-name "$KINESIS_STREAM" --query 'Shards[].ShardId' --output text </dev/null); do
  iterator=$(awslocal kinesis get-shard-iterator --stream-name "$KINESIS_STREAM" --shard-id "$shard" \
    --shard-iterator-type TRIM_HORIZON --query ShardIterator --output text </dev/null)
  awslocal kinesis get-records --shard-iterator "$iterator" --query 'Records[].Data' --output text </dev/null |
    tr '\t' '\n' |
    while read -r data; do
      case $data in
        '' | None) ;; # Nothing lies in this shard.
        *) printf '%s' "$data" | base64 --decode && echo ;;
      esac
    done
done
