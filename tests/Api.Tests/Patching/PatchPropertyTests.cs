using System.Text.Json.Nodes;

using MiniKube.Api.Serialization;

namespace MiniKube.Api.Tests.Patching;

/// <summary>What must hold of patches of every form, whatever the documents are. Of server-side apply: see <see cref="ServerSideApply.ApplyPropertyTests"/>.</summary>
public sealed class PatchPropertyTests
{
    private const int Rounds = 500;

    public static TheoryData<string> Forms => ["json", "merge", "strategic"];

    [Theory]
    [MemberData(nameof(Forms))]
    public void Apply_DifferenceOfTwoDocuments_GivesTheSecond(string name) => ForEach(name, 1, (form, from, to) =>
        AssertSame(to, form.Apply(from, form.Difference(from, to))));

    [Theory]
    [MemberData(nameof(Forms))]
    public void Apply_Twice_IsAsOnce(string name) => ForEach(name, 2, (form, from, to) =>
    {
        // A JSON patch that removes what is not there fails, as the RFC wants: there, only what adds can be sent twice.
        var patch = form.Difference(from, name == "json" ? Joined(from, to) : to);

        var once = form.Apply(from, patch);

        AssertSame(once, form.Apply(once, patch.DeepClone()));
    });

    [Theory]
    [MemberData(nameof(Forms))]
    public void Apply_AdditionsAndThenTheirRemoval_RestoresAll(string name) => ForEach(name, 3, (form, from, other) =>
    {
        var more = Joined(from, other);

        var applied = form.Apply(from, form.Difference(from, more));

        AssertSame(more, applied);
        AssertSame(from, form.Apply(applied, form.Difference(more, from)));
    });

    [Theory]
    [MemberData(nameof(Forms))]
    public void Apply_ByTwoThatReadTheSame_NeitherLosesTheOthersFields(string name) => ForEach(name, 4, (form, read, wanted) =>
    {
        var one = With(read, wanted, field => field is "a" or "b");
        var two = With(read, wanted, field => field is not ("a" or "b"));
        var (first, second) = (Unordered(form.Difference(read, one)), Unordered(form.Difference(read, two)));

        var result = form.Apply(form.Apply(read, first), second);

        AssertSame(Sorted(With(one, two, field => field is not ("a" or "b"))), Sorted(result));
        AssertSame(Sorted(result), Sorted(form.Apply(form.Apply(read, second.DeepClone()), first.DeepClone())));
    });

    private static void ForEach(string name, int seed, Action<PatchForm, JsonObject, JsonObject> check)
    {
        var form = PatchForm.Of(name);
        var random = new Random(seed);
        for (var round = 0; round < Rounds; round++)
        {
            check(form, form.Document(random), form.Document(random));
        }
    }

    // What the first has, and what only the second has besides.
    private static JsonObject Joined(JsonObject first, JsonObject second)
    {
        var joined = (JsonObject)first.DeepClone();
        foreach (var (field, value) in second)
        {
            joined[field] = (joined[field], value) switch
            {
                (JsonObject mine, JsonObject other) => Joined(mine, other),
                (JsonArray mine, JsonArray others) when IsKeyed(others) => new JsonArray([.. mine.Concat(others).DistinctBy(Key).Select(item => item!.DeepClone())]),
                (null, _) => value?.DeepClone(),
                var (mine, _) => mine.DeepClone(),
            };
        }

        return joined;
    }

    // The first document, but those fields (labels, containers) as the second has them.
    private static JsonObject With(JsonObject first, JsonObject second, Func<string, bool> takes)
    {
        if (first.ContainsKey("spec"))
        {
            return new JsonObject
            {
                ["metadata"] = new JsonObject { ["labels"] = With(Labels(first), Labels(second), takes) },
                ["spec"] = new JsonObject { ["containers"] = new JsonArray([.. Containers(first, name => !takes(name)), .. Containers(second, takes)]) },
            };
        }

        var kept = first.Where(field => !takes(field.Key)).Concat(second.Where(field => takes(field.Key)));
        return new JsonObject(kept.Select(field => KeyValuePair.Create(field.Key, field.Value?.DeepClone())));
    }

    private static JsonObject Labels(JsonObject pod) => pod.ObjectAt("metadata", "labels")!;

    private static IEnumerable<JsonNode> Containers(JsonObject pod, Func<string, bool> takes) =>
        pod.ObjectsAt("spec", "containers").Where(container => takes(container.StringAt("name")!)).Select(container => container.DeepClone());

    // Who only changes items says nothing of the order of all.
    private static JsonNode Unordered(JsonNode patch)
    {
        (patch as JsonObject)?.ObjectAt("spec")?.Remove("$setElementOrder/containers");
        return patch;
    }

    private static JsonObject Sorted(JsonObject document)
    {
        var sorted = (JsonObject)document.DeepClone();
        if (sorted.ObjectAt("spec") is { } spec)
        {
            spec["containers"] = new JsonArray([.. sorted.ObjectsAt("spec", "containers").OrderBy(item => item.StringAt("name"), StringComparer.Ordinal).Select(item => item.DeepClone())]);
        }

        return sorted;
    }

    private static bool IsKeyed(JsonArray items) => items.Count > 0 && items.All(item => Key(item) is { Length: > 0 });

    private static string Key(JsonNode? item) => (item as JsonObject)?["name"]?.ToString() ?? (item as JsonObject)?["containerPort"]?.ToString() ?? "";

    private static void AssertSame(JsonNode expected, JsonNode actual) =>
        Assert.True(JsonNode.DeepEquals(expected, actual), $"Expected {expected.ToJsonString()}\nbut was {actual.ToJsonString()}");
}
