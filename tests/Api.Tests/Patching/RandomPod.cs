using System.Text.Json.Nodes;

namespace MiniKube.Api.Tests.Patching;

/// <summary>Small pods over few names, so that two of them often have the same labels and containers.</summary>
internal static class RandomPod
{
    public static JsonObject Create(Random random)
    {
        string[] names = ["a", "b", "c", "d", "e"];
        random.Shuffle(names);
        var containers = names[..random.Next(5)].Select(name => new JsonObject
        {
            ["name"] = name,
            ["image"] = $"i{random.Next(3)}",
            ["ports"] = new JsonArray(new JsonObject { ["containerPort"] = random.Next(3), ["protocol"] = "TCP" }),
            ["args"] = new JsonArray($"{random.Next(3)}"),
        });
        return new JsonObject
        {
            ["metadata"] = new JsonObject { ["labels"] = new JsonObject { [names[0]] = "x", [names[1]] = $"{random.Next(2)}" } },
            ["spec"] = new JsonObject { ["containers"] = new JsonArray([.. containers]) },
        };
    }
}
