using System.Text.Json.Nodes;

using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Registry;

namespace MiniKube.ApiServer.Admission;

/// <summary>The volume <c>kube-api-access-xxxxx</c>: what a program in a pod needs to talk to the API server, at the place where client libraries look.</summary>
internal static class ServiceAccountVolume
{
    private const string Prefix = "kube-api-access-";
    private const string MountPath = "/var/run/secrets/kubernetes.io/serviceaccount";

    // Upstream's numbers: 0644; an hour and seven seconds, by which tokens of this volume are known from others.
    private const int Mode = 420;
    private const int Seconds = 3607;

    /// <summary>Mounts it into each container that has nothing at its place.</summary>
    public static void Mount(JsonObject spec, NameGenerator names)
    {
        var present = spec.ObjectsAt("volumes").Select(volume => volume.StringAt("name")).FirstOrDefault(name => name?.StartsWith(Prefix, StringComparison.Ordinal) == true);
        var name = present ?? names.Generate(Prefix);
        var isNeeded = false;
        foreach (var container in spec.ObjectsAt("initContainers").Concat(spec.ObjectsAt("containers")))
        {
            if (!container.ObjectsAt("volumeMounts").Any(mount => mount.StringAt("mountPath") == MountPath))
            {
                Append(container, "volumeMounts", new JsonObject { ["name"] = name, ["readOnly"] = true, ["mountPath"] = MountPath });
                isNeeded = true;
            }
        }

        if (isNeeded && present is null)
        {
            Append(spec, "volumes", new JsonObject { ["name"] = name, ["projected"] = new JsonObject { ["sources"] = Sources(), ["defaultMode"] = Mode } });
        }
    }

    private static JsonArray Sources() => new(
        new JsonObject { ["serviceAccountToken"] = new JsonObject { ["expirationSeconds"] = Seconds, ["path"] = "token" } },
        new JsonObject
        {
            ["configMap"] = new JsonObject
            {
                ["name"] = "kube-root-ca.crt",
                ["items"] = new JsonArray(new JsonObject { ["key"] = "ca.crt", ["path"] = "ca.crt" }),
            },
        },
        new JsonObject
        {
            ["downwardAPI"] = new JsonObject
            {
                ["items"] = new JsonArray(new JsonObject
                {
                    ["path"] = "namespace",
                    ["fieldRef"] = new JsonObject { ["apiVersion"] = "v1", ["fieldPath"] = "metadata.namespace" },
                }),
            },
        });

    private static void Append(JsonObject parent, string field, JsonObject item)
    {
        if (parent[field] is not JsonArray list)
        {
            parent[field] = list = [];
        }

        list.Add((JsonNode)item);
    }
}
