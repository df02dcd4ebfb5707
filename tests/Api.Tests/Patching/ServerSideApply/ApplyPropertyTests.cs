using System.Text.Json.Nodes;

using MiniKube.Api.Meta;
using MiniKube.Api.Patching.ServerSideApply;
using MiniKube.Api.Schema;
using MiniKube.Api.Tests.Serialization;

namespace MiniKube.Api.Tests.Patching.ServerSideApply;

/// <summary>What must hold of apply whatever the objects are: random ones of built-in kinds, made from the table of fields.</summary>
public sealed class ApplyPropertyTests
{
    private const int Rounds = 40;
    private static readonly string[] Kinds = ["apps/v1 Deployment", "v1 Pod", "v1 Service", "v1 ConfigMap", "batch/v1 CronJob", "networking.k8s.io/v1 Ingress", "v1 Node"];

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
        foreach (var name in Kinds)
        {
            var words = name.Split(' ');
            var kind = GroupVersionKind.Parse(words[0], words[1]);
            var type = TypeGraph.BuiltIn.Find(kind)!;
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
