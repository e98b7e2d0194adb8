/* Finding what pages load. */
#include "assets.h"

#include <string.h>

#include "core/error.h"

const struct asset *assets_find(const char *path)
{
    for (const struct asset *asset = assets; asset->name != NULL; asset++)
        if (strcmp(asset->path, path) == 0) return asset;
    return NULL;
}

const char *assets_path(const char *name)
{
    for (const struct asset *asset = assets; asset->name != NULL; asset++)
        if (strcmp(asset->name, name) == 0) return asset->path;
    bug("there is no %s in web/", name);
}
