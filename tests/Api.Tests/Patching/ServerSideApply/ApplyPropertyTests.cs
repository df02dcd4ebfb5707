using System.Text.Json.Nodes;

using MiniKube.Api.Meta;
using MiniKube.Api.Patching.ServerSideApply;
using MiniKube.Api.Schema;
using MiniKube.Api.Schema.Structural;
using MiniKube.TestSupport;

namespace MiniKube.Api.Tests.Patching.ServerSideApply;

/// <summary>What must hold of apply whatever the objects are: random ones of built-in kinds, made from the table of fields, and ones of a custom resource.</summary>
public sealed class ApplyPropertyTests
{
    private const int Rounds = 40;
    private static readonly string[] Kinds = ["apps/v1 Deployment", "v1 Pod", "v1 Service", "v1 ConfigMap", "batch/v1 CronJob", "networking.k8s.io/v1 Ingress", "v1 Node"];
    private static readonly GroupVersionKind CustomKind = new("example.com", "v1", "Thing");

    // Every way in which a definition can say how its values are merged.
    private static readonly StructuralSchema CustomSchema = StructuralSchema.Read((JsonObject)JsonNode.Parse(
        """
        { "type": "object", "properties": { "spec": { "type": "object", "properties": {
            "set": { "type": "array", "x-kubernetes-list-type": "set", "items": { "type": "string" } },
            "map": { "type": "array", "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["name", "port"], "items": { "type": "object", "required": ["name"],
              "properties": { "name": { "type": "string" }, "port": { "type": "integer", "default": 80 }, "value": { "type": "number" } } } },
            "list": { "type": "array", "items": { "type": "object", "properties": { "a": { "type": "string" } } } },
            "atomic": { "type": "object", "x-kubernetes-map-type": "atomic", "properties": { "a": { "type": "string" }, "b": { "type": "boolean" } } },
            "labels": { "type": "object", "additionalProperties": { "type": "string" } },
            "free": { "type": "object", "x-kubernetes-preserve-unknown-fields": true },
            "any": { "x-kubernetes-preserve-unknown-fields": true },
            "port": { "x-kubernetes-int-or-string": true } } } } }
        """)!);

    [Fact]
    public void Apply_Twice_IsAsOnce() => ForEach(1, (state, config, _) =>
    {
        var once = state.Apply("one", config);
        var (obj, fields) = (once.Object, once.FieldsOf("one"));

        var twice = state.Apply("one", config);

        // The time may be a newer one where a value has a canonical form: the server keeps the old one when nothing else has changed.
        Assert.Equal((obj, fields), (twice.Object, twice.FieldsOf("one")));
        Assert.Equal(["one Apply"], twice.Managers);
    });

    [Fact]
    public void Apply_OfFieldsThatOthersDoNotSet_ThenNothing_RestoresAll() => ForEach(3, (state, config, _) =>
    {
        state.Update("base", """{"metadata":{"name":"a","labels":{"kept":"1"}}}""");
        var before = state.Object;

        state.Apply("one", config).Apply("one", "{}");

        Assert.Equal(before, state.Object);
    });

    [Fact]
    public void Apply_ByTwo_NeitherLosesTheOthersFields() => ForEach(4, (state, config, other) =>
    {
        state.Apply("one", config).Apply("two", other, force: true).Apply("one", config, force: true);
        var fields = state.FieldsOf("one");
        state.Apply("two", "{}");

        Assert.Equal(fields, state.FieldsOf("one"));
        var alone = state.Fresh().Apply("one", config);
        Assert.Equal(fields, alone.FieldsOf("one"));
        Assert.Equal(alone.Object, state.Object);
    });

    [Fact]
    public void Apply_Anything_OwnsEveryFieldOfTheConfiguration() => ForEach(5, (state, config, other) =>
    {
        state.Update("base", other).Apply("one", config, force: true);

        var own = FieldSetCodec.FromJson(JsonNode.Parse(state.FieldsOf("one") ?? "{}"));
        var alone = FieldSetCodec.FromJson(JsonNode.Parse(state.Fresh().Apply("one", config).FieldsOf("one") ?? "{}"));
        Assert.True(own.HasSameFields(alone));
        Assert.Equal(state.FieldsOf("one"), own.IsEmpty ? null : FieldSetCodec.ToJson(own).ToJsonString(ApplyState.Relaxed));
    });

    [Fact]
    public void Update_Anything_OwnersCoverTheObject() => ForEach(6, (state, config, other) =>
    {
        state.Update("one", config).Update("two", other);

        var owned = FieldSet.Union([.. state.ManagedFields?.Select(entry => FieldSetCodec.FromJson(entry!["fieldsV1"])) ?? []]);
        var comparison = FieldSetCodec.FromJson(JsonNode.Parse(state.Fresh().Update("two", other).FieldsOf("two", "Update") ?? "{}"));
        Assert.Empty(comparison.Difference(owned).Paths());
    });

    private static void ForEach(int seed, Action<ApplyState, string, string> check)
    {
        var random = new Random(seed);
        foreach (var (kind, type) in Kinds.Select(name => name.Split(' ')).Select(words => GroupVersionKind.Parse(words[0], words[1]))
            .Select(kind => (kind, TypeGraph.BuiltIn.Find(kind)!)).Append((CustomKind, StructuralTypes.Of(CustomKind, CustomSchema))))
        {
            for (var round = 0; round < Rounds; round++)
            {
                check(new ApplyState(type, kind.ApiVersion, kind.Kind), Config(random, type), Config(random, type));
            }
        }
    }

    // Lists that are told apart by keys get each item once, and nothing is said of what the server keeps.
    private static string Config(Random random, ObjectType type)
    {
        var obj = new RandomObject(random).OfKind(type);
        obj["metadata"] = new JsonObject { ["name"] = "a", ["labels"] = new JsonObject { [$"l{random.Next(3)}"] = $"{random.Next(2)}" } };
        obj.Remove("status");
        var clean = DistinctItems.Of(obj, FieldSchema.Of(type));
        return clean.ToJsonString();
    }
}
