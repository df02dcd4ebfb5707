using System.Text.Json.Nodes;

using MiniKube.Api.Serialization;

namespace MiniKube.ApiServer.Resources.Validation;

/// <summary>Where a container sees the volumes of its pod, as files and as devices.</summary>
internal static class MountChecks
{
    public static void Mounts(Field container, IReadOnlyDictionary<string, JsonObject> volumes)
    {
        var mounts = container["volumeMounts"];
        var paths = new HashSet<string>(StringComparer.Ordinal);
        foreach (var mount in mounts.Items)
        {
            var (name, path) = (mount["name"], mount["mountPath"]);
            name.NotEmpty();
            if (!volumes.TryGetValue(name.Text, out var volume))
            {
                name.NotFound();
            }

            path.NotEmpty();
            if (!paths.Add(path.Text))
            {
                path.Invalid("must be unique");
            }

            foreach (var device in container["volumeDevices"].Items)
            {
                Collision(name, device["name"], "must not already exist in volumeDevices");
                Collision(path, device["devicePath"], "must not already exist as a path in volumeDevices");
            }

            SubPaths(mounts, mount, isImage: volume?["image"] is not null);
            Propagation(mounts, mount, container["securityContext"]["privileged"].IsTrue);
        }
    }

    public static void Devices(Field container, IReadOnlyDictionary<string, JsonObject> volumes)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        var paths = new HashSet<string>(StringComparer.Ordinal);
        foreach (var device in container["volumeDevices"].Items)
        {
            var (name, path) = (device["name"], device["devicePath"]);
            if (name.NotEmpty() && !names.Add(name.Text))
            {
                name.Invalid("must be unique");
            }

            if (!volumes.TryGetValue(name.Text, out var volume))
            {
                name.NotFound();
            }
            else if (volume["persistentVolumeClaim"] is null && volume["ephemeral"] is null)
            {
                name.Invalid("can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode");
            }

            path.NotEmpty();
            if (path.Text.Split('/').Contains(".."))
            {
                path.Invalid("can not contain backsteps ('..')");
            }
            else if (!paths.Add(path.Text))
            {
                path.Invalid("must be unique");
            }

            foreach (var mount in container["volumeMounts"].Items)
            {
                Collision(name, mount["name"], "must not already exist in volumeMounts");
                Collision(path, mount["mountPath"], "must not already exist as a path in volumeMounts");
            }
        }
    }

    private static void Collision(Field field, Field other, string detail)
    {
        if (field.Text == other.Text)
        {
            field.Invalid(detail);
        }
    }

    // Upstream's paths of these leave out the index of the mount.
    private static void SubPaths(Field mounts, Field mount, bool isImage)
    {
        if (isImage && mount["subPathExpr"].Text.Length > 0)
        {
            mount["subPathExpr"].Invalid("not allowed in image volume sources");
        }

        mounts["subPath"].With(mount["subPath"].Value).DescendingPath();
        if (mount["subPathExpr"].Text.Length == 0)
        {
            return;
        }

        if (mount["subPath"].Text.Length > 0)
        {
            mount["subPathExpr"].Invalid("subPathExpr and subPath are mutually exclusive");
        }

        mounts["subPathExpr"].With(mount["subPathExpr"].Value).DescendingPath();
    }

    private static void Propagation(Field mounts, Field mount, bool isPrivileged)
    {
        var propagation = mounts["mountPropagation"].With(mount["mountPropagation"].Value);
        propagation.OptionalOneOf("Bidirectional", "HostToContainer", "None");
        if (propagation.Text == "Bidirectional" && !isPrivileged)
        {
            propagation.Forbidden("Bidirectional mount propagation is available only to privileged containers");
        }

        var recursive = mounts["recursiveReadOnly"].With(mount["recursiveReadOnly"].Value);
        recursive.OptionalOneOf("Disabled", "Enabled", "IfPossible");
        if (recursive.Text is "Enabled" or "IfPossible")
        {
            if (mount["readOnly"].Value.BooleanAt() != true)
            {
                recursive.Forbidden("may only be specified when readOnly is true");
            }

            if (propagation.IsSet && propagation.Text != "None")
            {
                recursive.Forbidden("may only be specified when mountPropagation is None or not specified");
            }
        }
    }
}
