"""Asks a task over the Open Inference Protocol: python3 infer.py URL TASK FILE.csv [TOKEN]

Nothing but Python is needed. Each column of the file is one input; numbers may come as text.
"""
import csv
import json
import sys
import urllib.error
import urllib.request

url, task, file = sys.argv[1:4]
headers = {"Content-Type": "application/json"}
if len(sys.argv) > 4:
    headers["Authorization"] = "Bearer " + sys.argv[4]

with open(file, newline="", encoding="utf-8") as lines:
    rows = list(csv.DictReader(lines))
inputs = [
    {"name": column, "datatype": "BYTES", "shape": [len(rows)],
     "data": [row[column] or None for row in rows]}
    for column in rows[0]
]
body = json.dumps({"inputs": inputs}).encode()
request = urllib.request.Request(url + "/v2/models/" + task + "/infer", body, headers)
try:
    with urllib.request.urlopen(request) as response:
        answers = json.load(response)
except urllib.error.HTTPError as error:
    sys.exit(error.read().decode())
print("version", answers["model_version"])
for output in answers["outputs"]:
    print(output["name"], output["shape"], output["data"], output.get("parameters", ""))
