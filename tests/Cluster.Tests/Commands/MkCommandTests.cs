using MiniKube.Cluster.Commands;

namespace MiniKube.Cluster.Tests.Commands;

public sealed class MkCommandTests
{
    [Theory]
    [InlineData("up", "--name", "two", "--store", "etcd", "--port", "7443")]
    [InlineData("up", "--hollow-nodes", "1000", "--insecure-registry", "host.minikube.internal:5001")]
    [InlineData("down", "--images")]
    [InlineData("status", "--name", "two")]
    [InlineData("load", "mk/echo:1", "image.tar")]
    [InlineData("host", "--name", "two", "node1", "--", "ls", "-l", "--name")]
    [InlineData("demo", "ha", "--only", "kill-node,cut-etcd-leader", "--journal", "folder")]
    [InlineData("logs", "-f", "controlplane", "--host", "node1")]
    [InlineData("stop")]
    [InlineData("stop", "master1/apiserver", "--name", "two")]
    [InlineData("start", "--name", "two")]
    [InlineData("raft", "kill", "2")]
    [InlineData("raft", "member", "--id", "2", "--cluster", "127.0.0.1:1,raft2:2", "--clients", "http://127.0.0.1:3,http://raft2:4", "--data-dir", "x")]
    public void Parse_OfWhatTheReadmeSays_HasNoErrors(params string[] args) =>
        Assert.Empty(MkCommand.Create().Parse(args).Errors.Select(error => error.Message));

    [Theory]
    [InlineData("up", "--hollow-nodes", "-1")]
    [InlineData("up", "--store", "paper")]
    [InlineData("load")]
    [InlineData("demo", "ha", "--only", "kill-everybody")]
    [InlineData("kill")]
    [InlineData("raft", "member", "--id", "3", "--cluster", "127.0.0.1:1,127.0.0.1:2", "--clients", "http://127.0.0.1:3,http://127.0.0.1:4", "--data-dir", "x")]
    [InlineData("sideways")]
    public void Parse_OfNonsense_SaysSo(params string[] args) => Assert.NotEmpty(MkCommand.Create().Parse(args).Errors);

    [Theory]
    [InlineData("kubectl get pods -o wide", "kubectl -- get pods -o wide")]
    [InlineData("kubectl --name two get pods --name x", "kubectl --name two -- get pods --name x")]
    [InlineData("kubectl --name=two version", "kubectl --name=two -- version")]
    [InlineData("up --name two", "up --name two")]
    public void Protect_OfArguments_LeavesKubectlsOwnAlone(string given, string expected) => Assert.Equal(expected.Split(' '), KubectlCommand.Protect(given.Split(' ')));

    [Theory]
    [InlineData("")]
    [InlineData("Upper")]
    [InlineData("../up")]
    [InlineData("images")]
    [InlineData("raft")]
    [InlineData("-x")]
    public void ClusterName_ThatCannotBeAFolder_IsRefused(string name) => Assert.Throws<ClusterException>(() => ClusterPaths.Of(name));

    [Fact]
    public void MachineName_OfTwoTreesWithOneClusterName_Differs() =>
        Assert.NotEqual(new ClusterPaths("/a", "default").MachineName, new ClusterPaths("/b", "default").MachineName);
}
