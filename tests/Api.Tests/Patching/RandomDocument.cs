using System.Text.Json.Nodes;

namespace MiniKube.Api.Tests.Patching;

/// <summary>Small documents without nulls, over few names, so that two of them often meet in the same fields.</summary>
internal static class RandomDocument
{
    public static JsonObject Create(Random random, int depth)
    {
        var document = new JsonObject();
        for (var i = random.Next(4); i > 0; i--)
        {
            document[((char)('a' + random.Next(4))).ToString()] = Value(random, depth - 1);
        }

        return document;
    }

    private static JsonNode Value(Random random, int depth) => random.Next(depth > 0 ? 5 : 3) switch
    {
        0 => random.Next(3),
        1 => random.Next(2) == 0,
        2 => ((char)('p' + random.Next(3))).ToString(),
        3 => new JsonArray([.. Enumerable.Range(0, random.Next(3)).Select(_ => Value(random, depth - 1))]),
        _ => Create(random, depth - 1),
    };
}
