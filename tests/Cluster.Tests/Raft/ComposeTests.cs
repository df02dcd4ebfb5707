using MiniKube.Cluster.Commands;
using MiniKube.TestSupport;

using YamlDotNet.RepresentationModel;

namespace MiniKube.Cluster.Tests.Raft;

public sealed class ComposeTests
{
    [Fact]
    public void ComposeFile_StartsMembersThatMkKnows_OnTheTalksPorts()
    {
        var services = Services().ToList();

        Assert.Equal(["raft1", "raft2", "raft3"], services.Select(service => service.Name));
        Assert.Equal(["127.0.0.1:9121:9121", "127.0.0.1:9122:9122", "127.0.0.1:9123:9123"], services.Select(service => service.Port));
        Assert.All(services, service => Assert.Empty(MkCommand.Create().Parse(["raft", "member", .. service.Command.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries)]).Errors));
    }

    private static IEnumerable<(string Name, string Command, string Port)> Services()
    {
        var yaml = new YamlStream();
        using var file = File.OpenText(Path.Combine(RepositoryRoot.Path, "deploy/raft/compose.yaml"));
        yaml.Load(file);
        foreach (var (name, service) in (YamlMappingNode)yaml.Documents[0].RootNode["services"])
        {
            yield return ($"{name}", $"{service["command"]}", $"{((YamlSequenceNode)service["ports"])[0]}");
        }
    }
}
