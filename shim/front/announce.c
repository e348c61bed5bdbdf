/* SPDX-License-Identifier: MIT */
#include "front/announce.h"

#include "message/message.h"
#include "osc/space.h"

#include <stdio.h>
#include <string.h>

/* Where one of both is served. */
struct service {
    const char *label;
    const char *scheme;
    const char *address;
    uint16_t port;
    const char *tail; /* behind it */
};

static void print_place(const struct service *service, const char *host,
                        const char *suffix)
{
    bool is_six = strchr(host, ':') != NULL;
    message(PRIORITY_INFO,
            is_six ? "%-7s %s://[%s]%s:%u%s" : "%-7s %s://%s%s:%u%s",
            service->label, service->scheme, host, suffix, service->port,
            service->tail);
}

static void print_places(const struct link_report *report,
                         const struct service *service)
{
    const char *address = service->address;
    bool is_any = strcmp(address, "0.0.0.0") == 0 || strcmp(address, "::") == 0;
    if (!is_any) {
        print_place(service, address, "");
        return;
    }
    for (unsigned i = 0; i < report->address_count; i++) {
        if (strcmp(address, "::") == 0 ||
            strchr(report->addresses[i], ':') == NULL) {
            print_place(service, report->addresses[i], "");
        }
    }
    print_place(service, report->host[0] != '\0' ? report->host : "localhost",
                report->host[0] != '\0' ? ".local" : "");
}

void announce(const struct f4e_patch *patch, const struct link_config *config,
              const struct link_report *report, bool is_shown)
{
    char root[SPACE_PATH_MAX / 4];
    char tail[SPACE_PATH_MAX];
    if (config->has_http) {
        bool has_token = config->token[0] != '\0';
        (void)snprintf(tail, sizeof(tail), "/%s%s",
                       has_token && is_shown ? "?token="
                       : has_token           ? " with the token of the file"
                                             : "",
                       is_shown ? config->token : "");
        print_places(report,
                     &(struct service){"http", "http", config->http_bind,
                                       config->http_port, tail});
    }
    if (config->has_osc) {
        bool has_token = config->osc_token[0] != '\0';
        space_encode(patch->name, strlen(patch->name), false, root,
                     sizeof(root));
        (void)snprintf(tail, sizeof(tail), "/%s%s%s%s%s", root,
                       has_token ? ", first /" : "", has_token ? root : "",
                       has_token ? "/token " : "",
                       !has_token ? ""
                       : is_shown ? config->osc_token
                                  : "with that of the file");
        print_places(report,
                     &(struct service){"osc", "osc.udp", config->osc_bind,
                                       config->osc_port, tail});
    }
}
