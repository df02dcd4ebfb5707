using System.Diagnostics;
using System.Text.Json.Nodes;

using k8s.Models;

using MiniKube.Api.Meta;
using MiniKube.Api.Patching.ServerSideApply;
using MiniKube.Api.Schema;
using MiniKube.Api.Serialization;
using MiniKube.Api.Serialization.Protobuf;
using MiniKube.TestSupport;

namespace MiniKube.Benchmarks.Encoding;

/// <summary>Works on one pod of usual size: two containers with probes and limits, volumes, a status with conditions.</summary>
internal static class EncodingBenchmark
{
    private const int RoundsASample = 200;
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(2);

    public static IReadOnlyList<Figure> Run(int samples)
    {
        // Once only: later uses of the graph find the types read and the code compiled. Counted in the processor's time, which other processes do not take.
        var start = Now();
        var type = TypeGraph.BuiltIn.Find(new GroupVersionKind("", "v1", "Pod")) ?? throw new InvalidOperationException("There are no pods.");
        var cold = (Now() - start).TotalMilliseconds;
        var json = File.ReadAllBytes(Path.Combine(RepositoryRoot.Path, "tests/Benchmarks/Encoding/pod.json"));
        start = Now();
        var pod = ObjectDecoder.Decode(json, type).Object;
        var firstDecode = (Now() - start).TotalMilliseconds;
        start = Now();
        var types = TypeGraph.BuiltIn.Kinds.Sum(kind => kind.OrderedFields.Count);
        var all = (Now() - start).TotalMilliseconds;
        var protobuf = ProtobufCodec.Encode(pod, type);
        var yaml = System.Text.Encoding.UTF8.GetBytes(YamlCodec.Write(pod));
        var model = ModelCodec.ToModel<V1Pod>(pod);
        var now = TimeProvider.System.GetUtcNow();
        var creator = new FieldManager(new FieldWrite("kube-controller-manager", "v1", "Pod", type, now) { Ignored = FieldSet.Of("status") });
        var kubelet = new FieldManager(new FieldWrite("kubelet", "v1", "Pod", type, now) { Subresource = "status", Ignored = FieldSet.Of("spec") });
        var created = (JsonObject)pod.DeepClone();
        created.Remove("status");
        var owned = Own(kubelet, Own(creator, null, (JsonObject)created.DeepClone()), (JsonObject)pod.DeepClone());
        var stored = JsonCodec.Write(owned, type);
        return
        [
            new Figure("type graph, first kind, cold", "ms", [cold], "50"),
            new Figure("first pod decoded, cold", "ms", [firstDecode], ""),
            new Figure($"all kinds read ({types} fields)", "ms", [all], ""),
            Measure($"JSON to object ({json.Length} bytes)", samples, () => ObjectDecoder.Decode(json, type)),
            Measure("object to JSON", samples, () => JsonCodec.Write(pod, type)),
            Measure($"protobuf to object ({protobuf.Length} bytes)", samples, () => ProtobufCodec.Decode(protobuf)),
            Measure("object to protobuf", samples, () => ProtobufCodec.Encode(pod, type)),
            Measure($"YAML to object ({yaml.Length} bytes)", samples, () => ObjectDecoder.Decode(YamlCodec.Parse(yaml).Object, type)),
            Measure("object to model", samples, () => ModelCodec.ToModel<V1Pod>(pod)),
            Measure("model to object", samples, () => ModelCodec.ToJson(model)),
            new Figure("managedFields of a running pod", "bytes", [stored.Length - JsonCodec.Write(pod, type).Length], ""),
            Measure("managedFields of a new pod, found and written", samples, () => JsonCodec.Write(Own(creator, null, (JsonObject)created.DeepClone()), type)),
            Measure("a new pod written, without managedFields", samples, () => JsonCodec.Write((JsonObject)created.DeepClone(), type)),
            Measure("managedFields of a changed status, found and written", samples, () => JsonCodec.Write(Own(kubelet, Parse(stored), Changed(stored)), type)),
            Measure("a changed status written, with those it had", samples, () => JsonCodec.Write(Changed(stored), type)),
            Measure("untyped JSON to nodes (System.Text.Json, all read)", samples, () => JsonNode.Parse(json)?.DeepClone()),
        ];
    }

    private static JsonObject Own(FieldManager fields, JsonObject? live, JsonObject obj)
    {
        fields.Update(live, obj);
        return obj;
    }

    private static JsonObject Parse(byte[] json) => JsonNode.Parse(json) as JsonObject ?? throw new InvalidOperationException("Not an object.");

    private static JsonObject Changed(byte[] json)
    {
        var changed = Parse(json);
        changed.GetOrAddObject("status")["phase"] = "Succeeded";
        return changed;
    }

    private static TimeSpan Now() => Environment.CpuUsage.TotalTime;

    private static Figure Measure(string name, int samples, Func<object?> action)
    {
        // The runtime compiles what is hot anew, some time after it has become hot.
        for (var warm = Stopwatch.StartNew(); warm.Elapsed < WarmUp;)
        {
            action();
        }

        var values = new List<double>();
        for (var sample = 0; sample < samples; sample++)
        {
            var start = Now();
            for (var round = 0; round < RoundsASample; round++)
            {
                action();
            }

            values.Add((Now() - start).TotalMicroseconds / RoundsASample);
        }

        return new Figure(name, "µs", values, "");
    }
}
