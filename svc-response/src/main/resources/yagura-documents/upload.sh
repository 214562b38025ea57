# Part of the documents that upload: $archive goes to where a presigned URL leads, before $upload_seconds have gone by
# since $began. The URL is a secret: it is given to nobody as an argument.
upload=$(decode '{{ Upload }}')
url=$(printf '%s\n' "$upload" | head -n 1)
headers=$(printf '%s\n' "$upload" | tail -n +2)
