using System.Text.Json.Nodes;

using k8s;
using k8s.Models;

using MiniKube.Api.Schema;
using MiniKube.Kubelet.Pods;

namespace MiniKube.Kubelet.Tests.Pods;

/// <summary>No field of a pod is passed over in silence: each is honoured, another component's, or refused by its name.</summary>
public class PodFieldTests
{
    private readonly HashSet<string> _seen = [];
    private readonly List<string> _problems = [];

    [Fact]
    public void EveryFieldOfPodSpec_IsInTheTableOrRefusedByName()
    {
        var podSpec = TypeGraph.BuiltIn.Find("core/v1", "PodSpec");
        Assert.NotNull(podSpec);

        Walk(podSpec, "spec", json => json);

        Assert.Empty(_problems);
        Assert.Empty(PodFieldTable.Entries.Except(_seen));
    }

    private void Walk(ObjectType type, string path, Func<JsonObject, JsonObject> inSpec)
    {
        foreach (var field in type.OrderedFields)
        {
            _seen.Add($"{type.Name}.{field.Name}");
            var fieldPath = $"{path}.{field.Name}";
            var sample = PodFieldTable.Sample(type.Name, field.Name) is { } json
                ? JsonNode.Parse(json)!.AsObject()
                : new JsonObject { [field.Name] = Value(field.Type) };
            Check(type.Name, field.Name, fieldPath, inSpec(sample));
            if (PodFieldTable.IsImplemented(type.Name, field.Name))
            {
                WalkInto(field, fieldPath, inSpec);
            }
        }
    }

    private void WalkInto(FieldType field, string path, Func<JsonObject, JsonObject> inSpec)
    {
        if (field.Type is { Kind: ValueKind.Object, Object: { } child })
        {
            Walk(child, path, json => inSpec(new JsonObject { [field.Name] = json }));
        }
        else if (field.Type is { Kind: ValueKind.List, Element: { Kind: ValueKind.Object, Object: { } item } })
        {
            Walk(item, $"{path}[0]", json => inSpec(new JsonObject { [field.Name] = new JsonArray(json) }));
        }
    }

    private void Check(string type, string field, string path, JsonObject spec)
    {
        var pod = new V1Pod { Spec = KubernetesJson.Deserialize<V1PodSpec>(spec.ToJsonString()) };
        var refused = UnsupportedFields.Find(pod).ToList();
        var isKnown = PodFieldTable.IsImplemented(type, field) || PodFieldTable.IsElsewhere(type, field);
        if (isKnown && refused.Count > 0)
        {
            _problems.Add($"{path} ({type}) is in the table, yet refused: {string.Join(", ", refused)}");
        }
        else if (!isKnown && !refused.Any(name => name.StartsWith(path, StringComparison.Ordinal)))
        {
            _problems.Add($"{path} ({type}) is neither in the table nor refused");
        }
    }

    private static JsonNode? Value(TypeRef type) => type.Kind switch
    {
        ValueKind.Boolean => true,
        ValueKind.Integer or ValueKind.IntOrString => 1,
        ValueKind.Quantity => "1",
        ValueKind.Object => new JsonObject(),
        ValueKind.List => new JsonArray(type.Element is { } element ? Value(element) : null),
        ValueKind.Map => new JsonObject { ["a"] = type.Element is { } value ? Value(value) : null },
        _ => "x",
    };
}
