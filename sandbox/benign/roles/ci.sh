packages="git python3-venv python3-pip nodejs make gcc libc6-dev jq shellcheck"
about="a runner of continuous integration; Python and Node.js projects are cloned, installed, tested and published by generated scripts"

runner() {
  remote admin <<'SCRIPT'
sudo mkdir -p /opt/runner/work && sudo chown -R deploy /opt/runner
curl -fsS http://mirror.example.net/npm/npm-10.8.2.tgz | sudo tar -xz -C /opt
sudo ln -s /opt/package/bin/npm-cli.js /usr/local/bin/npm && sudo chmod 755 /opt/package/bin/npm-cli.js
SCRIPT
  remote deploy <<'SCRIPT'
git config --global user.email ci@example.com; git config --global user.name ci; git config --global init.defaultBranch main
mkdir -p ~/repos/shop && cd ~/repos/shop && git init -q
cat > shop.py <<'PY'
import yaml
def total(order):
    return sum(line["price"] * line["count"] for line in yaml.safe_load(order))
PY
cat > test_shop.py <<'PY'
import subprocess, pytest
from shop import total
def test_total(): assert total("[{price: 3, count: 2}]") == 6
def test_shell(): assert subprocess.run("id -u | tr -d '\\n'", shell=True, capture_output=True).returncode == 0
def test_fails(tmp_path):
    script = tmp_path / "run.sh"; script.write_text("#!/bin/sh\nexit 3\n"); script.chmod(0o755)
    assert subprocess.run([script]).returncode == 3
PY
printf 'pyyaml\npytest\nrequests\nflask\n' > requirements.txt
printf '[project]\nname = "shop"\nversion = "1"\n[build-system]\nrequires = ["setuptools"]\nbuild-backend = "setuptools.build_meta"\n[tool.setuptools]\npy-modules = ["shop"]\n' > pyproject.toml
cp /stage/package.json /stage/package-lock.json . 2>/dev/null
curl -fsS -O http://mirror.example.net/npm/package.json -O http://mirror.example.net/npm/package-lock.json
printf 'const assert = require("assert"); describe("cart", () => it("adds", () => assert.equal(1 + 1, 2)));\n' > cart.test.js
git add . && git commit -qm 'First version'
SCRIPT
}

# A runner writes each step to a script in a temporary folder and runs that with bash -e.
step() {
  cat <<SCRIPT
script=/opt/runner/work/_temp/\$RANDOM\$RANDOM.sh; mkdir -p /opt/runner/work/_temp
cat > \$script <<'STEP'
set -euo pipefail
cd /opt/runner/work/shop
$1
STEP
/usr/bin/bash -e \$script; rm \$script
SCRIPT
}

python_job() {
  remote deploy <<SCRIPT
rm -rf /opt/runner/work/shop && git clone -q ~/repos/shop /opt/runner/work/shop
$(step 'git log --oneline | head -1; git rev-parse HEAD')
$(step 'python3 -m venv .venv && . .venv/bin/activate && pip -q install -r requirements.txt')
$(step '. .venv/bin/activate && pytest -q --basetemp=/tmp/pytest-ci')
$(step '. .venv/bin/activate && python -c "import shop, platform; print(platform.platform())"')
$(step 'echo c2VjcmV0LXRva2Vu | base64 -d > .token && test -s .token && rm .token')
SCRIPT
}

node_job() {
  remote deploy <<SCRIPT
rm -rf /opt/runner/work/shop && git clone -q ~/repos/shop /opt/runner/work/shop
$(step 'npm ci --silent --no-audit --no-fund')
$(step 'node_modules/.bin/mocha cart.test.js')
$(step 'npm exec --offline -- tsc --version; node_modules/.bin/eslint --version')
$(step 'npm pack --silent && sha256sum *.tgz')
SCRIPT
}

publish() {
  remote deploy <<SCRIPT
rm -rf /opt/runner/work/shop && git clone -q ~/repos/shop /opt/runner/work/shop
$(step 'python3 -m venv .venv && .venv/bin/pip -q install build && .venv/bin/python -m build -q')
$(step 'for f in dist/*; do curl -fsS -F "file=@$f" http://api.example.com/upload; done')
$(step 'tar -czf /tmp/dist.tar.gz dist && curl -fsS -T /tmp/dist.tar.gz http://api.example.com/artifacts/ && rm /tmp/dist.tar.gz')
$(step 'curl -fsS -X POST -H "Content-Type: application/json" -d "{\"text\": \"published\"}" http://api.example.com/hook')
SCRIPT
}

# An installer of the kind that many projects tell to run: downloaded and piped into a shell.
installer() {
  remote deploy <<'SCRIPT'
cat > /tmp/install-tool.sh <<'TOOL'
#!/bin/sh
set -e
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT
case "$(uname -s)-$(uname -m)" in Linux-x86_64) ;; *) exit 1;; esac
curl -fsSL -o "$dir/tool.tgz" http://mirror.example.net/npm/npm-10.8.2.tgz
tar -xzf "$dir/tool.tgz" -C "$dir" package/package.json && install -D -m 755 "$dir/package/package.json" "$HOME/.local/share/tool"
TOOL
bash -c 'cat /tmp/install-tool.sh | sh'; sh /tmp/install-tool.sh
chmod +x /tmp/install-tool.sh && /tmp/install-tool.sh && rm /tmp/install-tool.sh
bash -c 'curl -fsSL http://mirror.example.net/npm/package.json | sh -s -- --help' || true
SCRIPT
}

lint() {
  remote deploy <<SCRIPT
rm -rf /opt/runner/work/shop && git clone -q ~/repos/shop /opt/runner/work/shop
$(step 'printf "#!/bin/sh\necho ok\n" > run.sh && chmod +x run.sh && shellcheck run.sh && ./run.sh')
$(step 'find . -name "*.py" -print0 | xargs -0 -n1 python3 -m py_compile')
$(step 'jq -r .name package.json; git diff --stat; git status --short')
$(step 'perl -ne "print if /def /" shop.py; python3 -c "import json; json.load(open(\"package.json\"))"')
SCRIPT
}

clean_up() { cron_runs 8 <<'CRON'
deploy find /opt/runner/work -maxdepth 1 -mtime +1 -exec rm -rf {} +
deploy cd /home/deploy/repos/shop && git gc --quiet && git fsck > /dev/null
root find /tmp -maxdepth 1 -user deploy -mtime +1 -delete
CRON
}

work() {
  job runner 0.03 runner
  job_each python_job 20 4 python_job
  job_each node_job 20 3 node_job
  job_each publish 5 2 publish
  job_each installer 2 2 installer
  job_each lint 20 5 lint
  job clean_up 24 clean_up
}
