using k8s;
using k8s.Models;

using MiniKube.Kubelet.Tests.TestDoubles;
using MiniKube.TestSupport;

using YamlDotNet.RepresentationModel;

namespace MiniKube.Kubelet.Tests.Specs;

/// <summary>One pod of the suite, and what upstream's kubelet does with it. Stands in a YAML file of this folder.</summary>
internal sealed record PodSpecCase(string Name, YamlNode Yaml)
{
    private static readonly Lazy<IReadOnlyDictionary<string, PodSpecCase>> Cases = new(Read);

    /// <summary>All of the suite, by name.</summary>
    public static IReadOnlyDictionary<string, PodSpecCase> All => Cases.Value;

    /// <param name="spec">A <c>spec</c> of the case.</param>
    /// <param name="host">What HOST stands for.</param>
    /// <param name="generation">How often the spec has changed, and one.</param>
    public V1Pod Pod(YamlNode spec, string host, long generation = 1) => new()
    {
        ApiVersion = "v1",
        Kind = "Pod",
        Metadata = new V1ObjectMeta
        {
            Name = Name,
            NamespaceProperty = "default",
            Uid = $"{Name}-uid",
            Generation = generation,
            ResourceVersion = "1",
            CreationTimestamp = DateTime.UnixEpoch,
            Labels = Strings(Yaml.At("labels")),
            Annotations = Strings(Yaml.At("annotations")),
        },
        Spec = KubernetesJson.Deserialize<V1PodSpec>(SpecYaml.ToJson(spec, text => text.Replace("HOST", host, StringComparison.Ordinal))!.ToJsonString()) with { NodeName = TestPods.NodeName },
    };

    /// <summary>Puts the objects that the pod uses where the kubelet looks for them.</summary>
    public static void Put(FakeApi api, YamlNode? objects, string host)
    {
        foreach (var item in objects.Items())
        {
            var (name, kind) = (item.At("name").Text(), item.At("kind").Text());
            var metadata = new V1ObjectMeta { Name = name, NamespaceProperty = kind == "PersistentVolume" ? null : "default", Uid = $"{name}-uid" };
            switch (kind)
            {
                case "ConfigMap":
                    api.Put(new V1ConfigMap { Metadata = metadata, Data = Strings(item.At("data")) });
                    break;
                case "Secret":
                    api.Put(new V1Secret { Metadata = metadata, Data = Strings(item.At("data"))!.ToDictionary(entry => entry.Key, entry => System.Text.Encoding.UTF8.GetBytes(entry.Value)) });
                    break;
                case "PersistentVolume":
                    api.Put(Volume(item, metadata, host));
                    break;
                case "PersistentVolumeClaim":
                    api.Put(Claim(item, metadata));
                    break;
                default:
                    throw new InvalidDataException($"The suite knows no {kind}.");
            }
        }
    }

    private static V1PersistentVolume Volume(YamlNode item, V1ObjectMeta metadata, string host) => new()
    {
        Metadata = metadata,
        Spec = new V1PersistentVolumeSpec
        {
            ClaimRef = new V1ObjectReference { Name = item.At("claim").Text(), NamespaceProperty = "default", Uid = $"{item.At("claim").Text()}-uid" },
            HostPath = item.At("hostPath") is null ? null : new V1HostPathVolumeSource { Path = host },
            Local = item.At("local") is null ? null : new V1LocalVolumeSource { Path = host },
        },
    };

    private static V1PersistentVolumeClaim Claim(YamlNode item, V1ObjectMeta metadata)
    {
        var volume = item.At("volume").Text();
        var owner = item.At("ownedBy") is { } pod ? new V1OwnerReference { ApiVersion = "v1", Kind = "Pod", Name = pod.Text(), Uid = $"{pod.Text()}-uid", Controller = true } : null;
        return new V1PersistentVolumeClaim
        {
            Metadata = metadata with { OwnerReferences = owner is null ? null : [owner] },
            Spec = new V1PersistentVolumeClaimSpec { VolumeName = volume },
            Status = new V1PersistentVolumeClaimStatus { Phase = volume.Length > 0 ? "Bound" : "Pending" },
        };
    }

    private static Dictionary<string, string>? Strings(YamlNode? node) => node?.Fields().ToDictionary(field => field.Key, field => field.Value.Text());

    private static Dictionary<string, PodSpecCase> Read()
    {
        var cases = new Dictionary<string, PodSpecCase>();
        foreach (var file in Directory.EnumerateFiles(Path.Combine(RepositoryRoot.Path, "tests/Kubelet.Tests/Specs"), "*.yaml"))
        {
            var yaml = new YamlStream();
            using var text = File.OpenText(file);
            yaml.Load(text);
            foreach (var document in yaml.Documents)
            {
                var name = document.RootNode.At("name").Text();
                cases.Add(name, new PodSpecCase(name, document.RootNode));
            }
        }

        return cases;
    }
}
