/**
 * The completion's brain, an awk program that every shell's script runs: it reads the lines of `completionTable`,
 * takes the words of the command line behind the program's name as arguments, the last one being what is typed
 * just now, and prints the candidates for that word, each with a tab and what it means. A line `:file` asks the
 * shell for file names. IPVSADM_COMPLETING is the program, which is asked for the table's services and servers.
 */
export const candidates = String.raw`
BEGIN {
  FS = "\t"
  count = ARGC - 1
  for (i = 1; i <= count; i++) word[i] = ARGV[i]
  ARGC = 1
}

$1 == "word" { commands[++commandCount] = $2; about[$2] = $3 }
$1 == "classic" { n = split($2, names, " "); for (i = 1; i <= n; i++) contextOf[names[i]] = $3; about[$3] = $4; classic[++classicCount] = $2 }
$1 == "option" {
  n = split($3, names, " ")
  for (i = 1; i <= n; i++) { kind[$2, names[i]] = $4; alias[$2, names[i]] = names[1]; about[$2, names[i]] = $5 }
  listed[$2] = listed[$2] " " $3
}
$1 == "global" { wordCount[$2] = $3 }
$1 == "argument" { argument[$2, ++arguments[$2]] = $3 }

END {
  takeGlobals()
  typed = word[count]
  findContext()
  if (match(typed, /^--[a-z0-9-]+=/)) offerValues(kindOf(substr(typed, 1, RLENGTH - 1)), substr(typed, 1, RLENGTH))
  else if (count > 1 && awaited(word[count - 1]) != "") offerValues(awaited(word[count - 1]), "")
  else if (context == "") offerCommands()
  else {
    position = 1
    for (i = first; i < count; i++) if (word[i] !~ /^-/ && !(i > first && awaited(word[i - 1]) != "")) position++
    if (typed !~ /^-/) offerValues(argument[context, position], "")
    if (typed ~ /^-/ || (typed == "" && argument[context, position] == "")) offerOptions(context)
  }
}

# Takes what every command takes from before the command, and sets netns: in words --netns may also stand behind it.
function takeGlobals(   i, taken, name) {
  while (taken + lengthOf(word[taken + 1]) < count && lengthOf(word[taken + 1]) > 0) {
    takeNamespace(taken + 1)
    name = word[taken + 1]; sub(/=.*/, "", name); given[name]
    taken += lengthOf(word[taken + 1])
  }
  for (i = 1; i <= count - taken; i++) word[i] = word[i + taken]
  count -= taken
  if (word[1] !~ /^-/) for (i = 2; i < count; i++) takeNamespace(i)
}

# How many words an option of every command is; 0 where a word is none.
function lengthOf(option) {
  if (option ~ /^--[a-z]+=/) return wordCount[substr(option, 1, index(option, "=") - 1)] == 2
  return wordCount[option] + 0
}

function takeNamespace(i) {
  if (word[i] == "--netns" && i + 1 < count) netns = word[i + 1]
  if (word[i] ~ /^--netns=/) netns = substr(word[i], 9)
}

# Sets context, the command that the words before the typed one name, and first, where its arguments begin.
function findContext(   i, position) {
  if (count > 1 && word[1] !~ /^-/) {
    if (word[1] == "help") return
    first = 3; context = word[1] " " word[2]
    if (count > 2 && context in about) return
    first = 2; context = word[1] in about ? word[1] : ""
    return
  }
  context = ""; first = 1
  if (typed ~ /^-/ || count > 1) context = "*"
  for (i = 1; i < count; i++) {
    if (i > 1 && awaited(word[i - 1]) != "") continue
    if (word[i] in contextOf) context = contextOf[word[i]]
    else if (word[i] ~ /^-[A-Za-z0-9]/)
      for (position = 2; position <= length(word[i]); position++) {
        if (("-" substr(word[i], position, 1)) in contextOf) context = contextOf["-" substr(word[i], position, 1)]
        if (kindOf("-" substr(word[i], position, 1)) != "") break
      }
    if (context != "*" && first == 1) first = i + 1
  }
}

function kindOf(name) {
  if ((context, name) in kind) return kind[context, name]
  return word[1] ~ /^-/ ? kind["*", name] : ""
}

# The kind of the value that a word, an option, wants as the next one.
function awaited(option,   position, name) {
  if (option ~ /^--/) return kindOf(option)
  if (option !~ /^-./) return ""
  for (position = 2; position <= length(option); position++) {
    name = kindOf("-" substr(option, position, 1))
    if (name != "") return position == length(option) ? name : ""
  }
  return ""
}

function offer(candidate, meaning) {
  if (substr(candidate, 1, length(typed)) == typed && !(candidate in offered)) { offered[candidate]; print candidate "\t" meaning }
}

function offerCommands(   i, n, part, shift) {
  if ("--progress" in given) return # is for the classic spelling
  shift = word[1] == "help" && count > 1
  for (i = 1; i <= commandCount; i++) {
    n = split(commands[i], part, " ")
    if (count - shift == 1 && !(shift && part[1] == "help")) offer(part[1], n == 1 ? about[commands[i]] : part[1] " commands")
    if (count - shift == 2 && n == 2 && part[1] == word[1 + shift]) offer(part[2], about[commands[i]])
  }
}

# The options of a context that were not given yet; where the classic command is still open, those commands too.
function offerOptions(context,   i, n, names, used, position) {
  for (i = 1; i < count; i++) {
    used[alias[context, word[i]]]
    if (word[i] ~ /^-[A-Za-z0-9]/)
      for (position = 2; position <= length(word[i]); position++) used[alias[context, "-" substr(word[i], position, 1)]]
  }
  if (context == "*")
    for (i = 1; i <= classicCount; i++) {
      n = split(classic[i], names, " ")
      for (position = 1; position <= n; position++) offer(names[position], about[contextOf[names[1]]])
    }
  n = split(listed[context], names, " ")
  for (i = 1; i <= n; i++) if (!(names[i] in given) && !(alias[context, names[i]] in used) && !(names[i] in contextOf && context == "*")) offer(names[i], about[context, names[i]])
}

function offerValues(kind, before,   i, n, part, start, line, words) {
  n = split(kind, part, " ")
  if (part[1] == "words") for (i = 2; i <= n; i++) offer(before part[i], "")
  else if (part[1] == "list") {
    start = substr(typed, length(before) + 1)
    if (!sub(/[^,]*$/, "", start)) start = ""
    for (i = 2; i <= n; i++) offer(before start part[i], "")
  }
  else if (part[1] == "file") print ":file"
  else if (part[1] == "interface") while (("ls /sys/class/net 2>/dev/null" | getline line) > 0) offer(before line, "interface")
  else if (part[1] == "namespace") while (("ls /run/netns 2>/dev/null" | getline line) > 0) offer(before line, "network namespace")
  else if (part[1] == "service") offerServices(part[2], before)
  else if (part[1] == "server") offerServers(before, namedService())
  else if (part[1] == "servers") offerServers(before, "")
}

# The value of the service option among the words before the typed one.
function namedService(   i, name) {
  for (i = 1; i < count; i++) {
    if (awaited(word[i]) ~ /^service/) return word[i + 1]
    name = word[i]; sub(/=.*/, "", name)
    if (name != word[i] && kindOf(name) ~ /^service/) return substr(word[i], length(name) + 2)
  }
  return ""
}

function offerServices(option, before,   i, part) {
  readTable()
  for (i = 1; i <= rules; i++) {
    split(rule[i], part, " ")
    if (part[1] == "-A" && part[2] == option) offer(before part[3], "virtual service, " part[5 + (part[4] == "-6")])
  }
}

function offerServers(before, service,   i, part) {
  readTable()
  for (i = 1; i <= rules; i++) {
    split(rule[i], part, " ")
    if (part[1] == "-a" && (service == "" || service == part[3])) offer(before part[5 + (part[4] == "-6")], "real server of " part[3])
  }
}

# Where the kernel module is not there the program would load it: not for a tab key.
function readTable(   command, line) {
  if (netns ~ "[^A-Za-z0-9_.:@%+/-]") return # the shell would read it otherwise
  command = "test -e /proc/net/ip_vs && \"$IPVSADM_COMPLETING\" " (netns == "" ? "" : "--netns " netns " ") "-Sn 2>/dev/null"
  while ((command | getline line) > 0) rule[++rules] = line
}
`.trim();
