# Finds the candidates that complete a command line of ipvsadm.
#
# Input: the lines of src/completion/table.ts.
# Arguments: the words of the command line after the program's name. The last one is the word being
# typed, up to the cursor.
# Output: a line for each candidate, followed by a tab and its meaning. A line `:file` asks the
# shell for file names.
# Environment: IPVSADM_COMPLETING is the program, which is run to list virtual services and real
# servers.

BEGIN {
  FS = "\t"
  count = ARGC - 1
  for (i = 1; i <= count; i++) word[i] = ARGV[i]
  ARGC = 1 # so that awk reads standard input, and not files of these names
}

$1 == "subcommand" { subcommands[++subcommandCount] = $2; about[$2] = $3 }
$1 == "classic" {
  n = split($2, names, " ")
  for (i = 1; i <= n; i++) contextOf[names[i]] = $3
  about[$3] = $4
  classic[++classicCount] = $2
}
$1 == "option" {
  n = split($3, names, " ")
  for (i = 1; i <= n; i++) {
    kind[$2, names[i]] = $4
    alias[$2, names[i]] = names[1]
    about[$2, names[i]] = $5
  }
  listed[$2] = listed[$2] " " $3
}
$1 == "former" {
  kind[$2, $3] = $5
  alias[$2, $3] = $4
}
$1 == "global" { wordCount[$2] = $3 }
$1 == "argument" { argument[$2, ++arguments[$2]] = $3 }

END {
  takeGlobals()
  typed = word[count]
  findContext()
  if (match(typed, /^--[a-z0-9-]+=/)) {
    offerValues(kindOf(substr(typed, 1, RLENGTH - 1)), substr(typed, 1, RLENGTH))
  } else if (count > 1 && awaited(word[count - 1]) != "") {
    offerValues(awaited(word[count - 1]), "")
  } else if (context == "") {
    offerSubcommands()
  } else {
    position = 1
    for (i = first; i < count; i++)
      if (word[i] !~ /^-/ && !(i > first && awaited(word[i - 1]) != "")) position++
    if (typed !~ /^-/) offerValues(argument[context, position], "")
    if (typed ~ /^-/ || (typed == "" && argument[context, position] == "")) offerOptions(context)
  }
}

# Removes the leading global options, and sets netns. A subcommand may have --netns among its
# options, too.
function takeGlobals(   i, taken, name) {
  while (taken + lengthOf(word[taken + 1]) < count && lengthOf(word[taken + 1]) > 0) {
    takeNamespace(taken + 1)
    name = word[taken + 1]
    sub(/=.*/, "", name)
    given[name]
    taken += lengthOf(word[taken + 1])
  }
  for (i = 1; i <= count - taken; i++) word[i] = word[i + taken]
  count -= taken
  if (word[1] !~ /^-/) for (i = 2; i < count; i++) takeNamespace(i)
}

# How many words a global option and its value are; 0 for any other word.
function lengthOf(option) {
  if (option ~ /^--[a-z]+=/) return wordCount[substr(option, 1, index(option, "=") - 1)] == 2
  return wordCount[option] + 0
}

function takeNamespace(i) {
  if (word[i] == "--netns" && i + 1 < count) netns = word[i + 1]
  if (word[i] ~ /^--netns=/) netns = substr(word[i], 9)
}

# Sets context, the command that the complete words name, and first, the position of its first
# argument. The context is "" where a subcommand is to follow, and "*" where a classic command is.
function findContext(   i, position, name) {
  if (count > 1 && word[1] !~ /^-/) {
    if (word[1] == "help") return
    first = 3
    context = word[1] " " word[2]
    if (count > 2 && context in about) return
    first = 2
    context = word[1] in about ? word[1] : ""
    return
  }
  context = ""
  first = 1
  if (typed ~ /^-/ || count > 1) context = "*"
  for (i = 1; i < count; i++) {
    if (i > 1 && awaited(word[i - 1]) != "") continue
    if (word[i] in contextOf) context = contextOf[word[i]]
    else if (word[i] ~ /^-[A-Za-z0-9]/)
      for (position = 2; position <= length(word[i]); position++) {
        name = "-" substr(word[i], position, 1)
        if (name in contextOf) context = contextOf[name]
        if (kindOf(name) != "") break
      }
    if (context != "*" && first == 1) first = i + 1
  }
}

# The kind of an option's value.
function kindOf(name) {
  if ((context, name) in kind) return kind[context, name]
  return word[1] ~ /^-/ ? kind["*", name] : ""
}

# The kind of the value that must follow a word as the next one; "" when none must.
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
  if (substr(candidate, 1, length(typed)) != typed || candidate in offered) return
  offered[candidate]
  print candidate "\t" meaning
}

function offerSubcommands(   i, n, part, shift) {
  if ("--progress" in given) return # it belongs to the classic syntax
  shift = word[1] == "help" && count > 1
  for (i = 1; i <= subcommandCount; i++) {
    n = split(subcommands[i], part, " ")
    if (count - shift == 1 && !(shift && part[1] == "help"))
      offer(part[1], n == 1 ? about[subcommands[i]] : part[1] " commands")
    if (count - shift == 2 && n == 2 && part[1] == word[1 + shift]) offer(part[2], about[subcommands[i]])
  }
}

# Offers the options of a context that are not given yet; in context "*" the classic commands, too.
function offerOptions(context,   i, n, names, used, position) {
  for (i = 1; i < count; i++) {
    used[alias[context, word[i]]]
    if (word[i] ~ /^-[A-Za-z0-9]/)
      for (position = 2; position <= length(word[i]); position++)
        used[alias[context, "-" substr(word[i], position, 1)]]
  }
  if (context == "*")
    for (i = 1; i <= classicCount; i++) {
      n = split(classic[i], names, " ")
      for (position = 1; position <= n; position++) offer(names[position], about[contextOf[names[1]]])
    }
  n = split(listed[context], names, " ")
  for (i = 1; i <= n; i++) {
    if (names[i] in given || alias[context, names[i]] in used) continue
    if (names[i] in contextOf && context == "*") continue
    offer(names[i], about[context, names[i]])
  }
}

# Offers values of a kind. before is what precedes the value in the typed word: "" or `--option=`.
function offerValues(kind, before,   i, n, part, start) {
  n = split(kind, part, " ")
  if (part[1] == "choice") for (i = 2; i <= n; i++) offer(before part[i], "")
  else if (part[1] == "list") {
    start = substr(typed, length(before) + 1)
    if (!sub(/[^,]*$/, "", start)) start = ""
    for (i = 2; i <= n; i++) offer(before start part[i], "")
  }
  else if (part[1] == "file") print ":file"
  else if (part[1] == "interface") offerNames("/sys/class/net", before, "interface")
  else if (part[1] == "namespace") offerNames("/run/netns", before, "network namespace")
  else if (part[1] == "service") offerServices(part[2], before)
  else if (part[1] == "target") offerTargets(before)
  else if (part[1] == "tended") offerTended(before)
  else if (part[1] == "entry") offerEntries(before)
  else if (part[1] == "server") offerServers(before, namedService())
  else if (part[1] == "servers") offerServers(before, "")
}

function offerNames(directory, before, meaning,   command, line) {
  command = "ls " directory " 2>/dev/null"
  # No control characters: a name is one cell of one line, and is shown on a terminal.
  while ((command | getline line) > 0) if (line !~ /[\001-\037\177]/) offer(before line, meaning)
}

# Offers the changes that the history has, which root can read.
function offerEntries(before,   command, line) {
  command = "ls /var/lib/ipvsadm/history 2>/dev/null"
  while ((command | getline line) > 0) if (line ~ /^[0-9]+$/) offer(before line, "change of the table")
}

# The value of the option among the complete words that names a virtual service.
function namedService(   i, name) {
  for (i = 1; i < count; i++) {
    if (awaited(word[i]) ~ /^service/) return word[i + 1]
    name = word[i]
    sub(/=.*/, "", name)
    if (name != word[i] && kindOf(name) ~ /^service/) return substr(word[i], length(name) + 2)
  }
  return ""
}

function offerServices(option, before,   i, part) {
  readTable()
  for (i = 1; i <= rules; i++) {
    split(rule[i], part, " ")
    if (part[1] == "-A" && part[2] == option)
      offer(before part[3], "virtual service, " part[5 + (part[4] == "-6")])
  }
}

# Offers virtual services as subcommands name them. TCP need not be said.
function offerTargets(before,   i, part, name) {
  readTable()
  for (i = 1; i <= rules; i++) {
    split(rule[i], part, " ")
    if (part[1] != "-A") continue
    name = part[3]
    if (part[2] == "-u") name = "udp:" name
    else if (part[2] == "-f") name = "fwmark:" name (part[4] == "-6" ? ":ipv6" : "")
    else if (part[2] != "-t") name = "sctp:" name
    else if (typed ~ /^(.*=)?t/) name = "tcp:" name
    offer(before name, "virtual service, " part[5 + (part[4] == "-6")])
  }
}

# Offers what the director daemon knows, by its names: the first column of its list.
function offerTended(before,   command, line, name) {
  command = "test -S /run/ipvsadm/director.sock && \"$IPVSADM_COMPLETING\" health 2>/dev/null"
  while ((command | getline line) > 0) {
    name = line
    sub(/  .*/, "", name)
    # Not the head of the list, and nothing that would be more than one cell of one line.
    if (name !~ /\// || name ~ /[\001-\037\177]/) continue
    offer(before substr(name, 1, index(name, "/") - 1), "virtual service")
    offer(before name, "real server")
  }
}

# Offers the real servers of a virtual service, or of all of them for "".
function offerServers(before, service,   i, part) {
  readTable()
  for (i = 1; i <= rules; i++) {
    split(rule[i], part, " ")
    if (part[1] == "-a" && (service == "" || service == part[3]))
      offer(before part[5 + (part[4] == "-6")], "real server of " part[3])
  }
}

# Reads the rules that the program saves. It is not run without ip_vs: it would load the module.
function readTable(   command, line) {
  if (netns ~ "[^A-Za-z0-9_.:@%+/-]") return # it becomes part of a shell command
  command = "\"$IPVSADM_COMPLETING\" " (netns == "" ? "" : "--netns " netns " ") "-Sn 2>/dev/null"
  command = "test -e /proc/net/ip_vs && " command
  while ((command | getline line) > 0) rule[++rules] = line
}
