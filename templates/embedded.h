/* SPDX-License-Identifier: MIT */
/* The templates, compiled in: NUL-terminated text. */
#ifndef F4E_EMBEDDED_H
#define F4E_EMBEDDED_H

extern const char template_glue_c[];
extern const char template_library_h[];
extern const char template_api_c[];
extern const char template_avahi[];
extern const char template_service[];
extern const char template_deb_control[];
extern const char template_deb_postinst[];
extern const char template_deb_prerm[];
extern const char template_bundle_makefile[];
extern const char template_bundle_cmake[];
extern const char template_bundle_readme[];
extern const char template_license[]; /* of f4e-build */
extern const char template_manual[];  /* f4e-patch(1) */

#endif
