/* SPDX-License-Identifier: MIT */
#include "front/front_versions.h"

#include "wire/catalogue.h"

const struct front_versions front_versions = {
    .send = catalogue_send,
    .receive = catalogue_receive,
    .renew = osc_renew,
};
