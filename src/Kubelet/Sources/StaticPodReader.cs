using System.Security.Cryptography;
using System.Text;

using k8s;
using k8s.Models;

namespace MiniKube.Kubelet.Sources;

/// <summary>Makes a pod of a file: named after its node, with a uid that stays as long as the file says the same.</summary>
internal static class StaticPodReader
{
    public static V1Pod Read(string text, string path, string nodeName, DateTimeOffset seen)
    {
        var pod = KubernetesYaml.Deserialize<V1Pod>(text);
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"host:{nodeName}\nfile:{path}\n{text}")).AsSpan(0, 16));
        var metadata = pod.Metadata ?? new V1ObjectMeta();
        var annotations = new Dictionary<string, string>(metadata.Annotations ?? new Dictionary<string, string>())
        {
            ["kubernetes.io/config.hash"] = hash,
            ["kubernetes.io/config.source"] = "file",
            ["kubernetes.io/config.seen"] = seen.UtcDateTime.ToString("O", System.Globalization.CultureInfo.InvariantCulture),
        };
        return pod with
        {
            ApiVersion = "v1",
            Kind = "Pod",
            Metadata = metadata with
            {
                Name = $"{metadata.Name}-{nodeName}",
                NamespaceProperty = string.IsNullOrEmpty(metadata.NamespaceProperty) ? "default" : metadata.NamespaceProperty,
                Uid = string.IsNullOrEmpty(metadata.Uid) ? hash : metadata.Uid,
                Annotations = annotations,
            },
            Spec = (pod.Spec ?? new V1PodSpec()) with
            {
                NodeName = nodeName,
                // A static pod runs whatever happens to its node.
                Tolerations = [.. pod.Spec?.Tolerations ?? [], new V1Toleration { OperatorProperty = "Exists", Effect = "NoExecute" }],
            },
        };
    }
}
