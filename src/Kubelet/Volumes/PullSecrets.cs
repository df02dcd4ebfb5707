using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

using k8s.Models;

using MiniKube.Kubelet.Pods;
using MiniKube.Kubelet.Runtime;

namespace MiniKube.Kubelet.Volumes;

/// <summary>Reads a pod's imagePullSecrets. One that is missing or malformed is passed over, as upstream does: the pull may do without.</summary>
internal sealed class PullSecrets(ReferencedObjects objects) : IPullSecrets
{
    public async Task<IReadOnlyList<RegistryCredential>> ForAsync(V1Pod pod, CancellationToken cancellationToken)
    {
        var credentials = new List<RegistryCredential>();
        foreach (var reference in pod.Spec?.ImagePullSecrets ?? [])
        {
            if (await objects.FindAsync<V1Secret>(pod.Namespace(), reference.Name ?? "", cancellationToken) is { } secret)
            {
                credentials.AddRange(Read(secret));
            }
        }

        return credentials;
    }

    internal static IEnumerable<RegistryCredential> Read(V1Secret secret)
    {
        var data = secret.Data ?? new Dictionary<string, byte[]>();
        if (data.TryGetValue(".dockerconfigjson", out var config))
        {
            return Entries(Parse(config)?["auths"] as JsonObject);
        }

        return data.TryGetValue(".dockercfg", out var old) ? Entries(Parse(old) as JsonObject) : [];
    }

    private static JsonNode? Parse(byte[] json)
    {
        try
        {
            return JsonNode.Parse(json);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static IEnumerable<RegistryCredential> Entries(JsonObject? servers)
    {
        foreach (var (server, node) in servers ?? [])
        {
            if (node is not JsonObject entry)
            {
                continue;
            }

            var (user, password) = ((string?)entry["username"] ?? "", (string?)entry["password"] ?? "");
            if (user.Length == 0 && (string?)entry["auth"] is { } auth)
            {
                var pair = Decode(auth).Split(':', 2);
                (user, password) = (pair[0], pair.Length > 1 ? pair[1] : "");
            }

            yield return new RegistryCredential(server, user, password);
        }
    }

    private static string Decode(string base64)
    {
        var bytes = new byte[base64.Length];
        return Convert.TryFromBase64String(base64, bytes, out var count) ? Encoding.UTF8.GetString(bytes, 0, count) : "";
    }
}
