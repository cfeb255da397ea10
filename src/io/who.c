/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "who.h"

#include <fcntl.h>
#include <inttypes.h>
#include <pwd.h>
#include <unistd.h>

#include "file.h"

enum { HOST_TEXT = 256, NO_LOGIN = 4294967295 };

struct str
who_name(struct arena *arena, int64_t uid)
{
	const struct passwd *pw = uid >= 0 ? getpwuid((uid_t)uid) : NULL;

	if (pw && *pw->pw_name)
		return arena_str(arena, str_from(pw->pw_name));
	return uid >= 0 ? arena_fmt(arena, "%" PRId64, uid) : STR("?");
}

/* Who logged in, whatever su(1) and sudo(8) did since; -1 if that is not known. */
static int64_t
login_uid(void)
{
	char text[16];
	uint64_t uid;
	int fd = file_open(AT_FDCWD, "/proc/self/loginuid", O_RDONLY, 0);
	ssize_t n = fd >= 0 ? file_read(fd, text, sizeof(text)) : -1;

	file_close(fd);
	while (n > 0 && text[n - 1] == '\n')
		n--;
	if (n <= 0 || !str_uint((struct str){ text, (size_t)n }, NO_LOGIN - 1, &uid))
		return -1;
	return (int64_t)uid;
}

void
who_find(struct who *w, struct arena *arena, const char *sudo_user, const char *ipam_user)
{
	char host[HOST_TEXT] = "";
	int64_t login = login_uid();
	struct str process = who_name(arena, getuid());

	*w = (struct who){ .user = process, .name = str_from(ipam_user) };
	if (login >= 0)
		w->user = who_name(arena, login);
	else if (sudo_user && *sudo_user)
		w->user = str_from(sudo_user);
	if (!str_eq(w->user, process))
		w->as = process;
	if (gethostname(host, sizeof(host) - 1) == 0)
		w->host = arena_str(arena, str_from(host));
}
