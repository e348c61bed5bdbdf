/* SPDX-License-Identifier: MIT */
/* completion/completion.h: what bash and zsh load. */
#include "completion/completion.h"

#include <string.h>

/*
 * bash breaks words at ':' and '=', and puts back only what is behind the last
 * of them, unless the word is in quotes: so the words are put together again
 * from the line, and the answers are cut.
 */
static const char bash_function[] =
    "_f4e_complete() {\n"
    "    local line=${COMP_LINE:0:COMP_POINT} words=() rest word i kind text "
    "keep='' quote=''\n"
    "    for ((i = 0; i <= COMP_CWORD; i++)); do\n"
    "        rest=${line#\"${line%%[![:space:]]*}\"}\n"
    "        word=$rest\n"
    "        ((i < COMP_CWORD)) && word=${COMP_WORDS[i]}\n"
    "        if [[ $i == 0 || $rest != \"$line\" ]]; then\n"
    "            words+=(\"$word\")\n"
    "        else\n"
    "            words[${#words[@]} - 1]+=$word\n"
    "        fi\n"
    "        line=${rest#\"$word\"}\n"
    "    done\n"
    "    word=${words[${#words[@]} - 1]}\n"
    "    if [[ $word == [\\'\\\"]* ]]; then\n"
    "        quote=${word:0:1}\n"
    "        word=${word:1}\n"
    "    else\n"
    "        word=${word//\\\\/}\n"
    "        [[ $word == *[:=]* ]] && keep=${word%\"${word##*[:=]}\"}\n"
    "    fi\n"
    "    words[${#words[@]} - 1]=$word\n"
    "    COMPREPLY=()\n"
    "    while IFS= read -r line; do\n"
    "        kind=${line%% *}\n"
    "        text=${line#* }\n"
    "        rest=${text#*$'\\t'}\n"
    "        text=${text%%$'\\t'*}\n"
    "        case $kind in\n"
    "        w | p)\n"
    "            [[ $kind == p ]] && compopt -o nospace 2>/dev/null\n"
    "            text=${text#\"$keep\"}\n"
    "            if [[ $quote == '' && $text == *[!A-Za-z0-9_.,:=/@%+~-]* ]]; "
    "then\n"
    "                printf -v text %q \"$text\"\n"
    "            fi\n"
    "            COMPREPLY+=(\"$text\")\n"
    "            ;;\n"
    "        f | d)\n"
    "            compopt -o filenames 2>/dev/null\n"
    "            text=${word#\"$text\"}\n"
    "            while IFS= read -r line; do\n"
    "                COMPREPLY+=(\"$line\")\n"
    "            done < <(compgen -d -- \"$text\"\n"
    "                [[ $kind == f ]] && compgen -f -X \"!${rest:-*}\" -- "
    "\"$text\")\n"
    "            ;;\n"
    "        esac\n"
    "    done < <(\"${words[0]/#\\~\\//$HOME/}\" --complete \"${words[@]:1}\" "
    "2>/dev/null)\n"
    "}\n";

static const char zsh_function[] =
    "_f4e_complete() {\n"
    "    local program=${(Q)words[1]} line text rest\n"
    "    local -a before names helps parts tails\n"
    "    before=(\"${(@Q)words[2,CURRENT-1]}\")\n"
    "    ((CURRENT > 2)) || before=()\n"
    "    for line in \"${(@f)$(${program/#\\~\\//$HOME/} --complete "
    "\"${before[@]}\" \"${(Q)PREFIX}\" 2>/dev/null)}\"; do\n"
    "        text=${line[3,-1]%%$'\\t'*}\n"
    "        rest=\n"
    "        [[ $line == *$'\\t'* ]] && rest=${line#*$'\\t'}\n"
    "        case $line in\n"
    "        w*) names+=(\"$text\") helps+=(\"$text${rest:+  -- $rest}\") ;;\n"
    "        p*) parts+=(\"$text\") tails+=(\"$text${rest:+  -- $rest}\") ;;\n"
    "        f* | d*)\n"
    "            IPREFIX+=$text\n"
    "            PREFIX=${PREFIX#\"$text\"}\n"
    "            if [[ $line == d* ]]; then\n"
    "                _files -/\n"
    "            else\n"
    "                _files ${rest:+-g} ${rest:+\"$rest\"}\n"
    "            fi\n"
    "            ;;\n"
    "        esac\n"
    "    done\n"
    "    (($#names)) && compadd -l -d helps -a names\n"
    "    (($#parts)) && compadd -l -S '' -d tails -a parts\n"
    "    return 0\n"
    "}\n";

/* In single quotes, as one word of a shell. */
static void print_quoted(const char *text, FILE *file)
{
    (void)fputc('\'', file);
    for (; *text != '\0'; text++) {
        (void)fputs(*text == '\'' ? "'\\''" : (char[]){*text, '\0'}, file);
    }
    (void)fputc('\'', file);
}

/* zsh finds a file by its first line, and calls the function of that file's
 * name the first time; who reads it with 'source' has compinit running. */
static void print_zsh(const char *command, FILE *file)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
                                "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._+-";
    if (command[strspn(command, plain)] == '\0') {
        (void)fprintf(file, "#compdef %s\n", command);
    }
    (void)fputs(zsh_function, file);
    (void)fputs("compdef _f4e_complete ", file);
    print_quoted(command, file);
    (void)fputs("\nif [[ ${funcstack[1]} == _", file);
    print_quoted(command, file);
    (void)fputs(" ]]; then\n    _f4e_complete\nfi\n", file);
}

static void print_bash(const char *command, FILE *file)
{
    (void)fputs(bash_function, file);
    (void)fputs("complete -F _f4e_complete -- ", file);
    print_quoted(command, file);
    (void)fputc('\n', file);
}

void completion_print_script(bool is_zsh, const char *command, FILE *file)
{
    (is_zsh ? print_zsh : print_bash)(command, file);
}
