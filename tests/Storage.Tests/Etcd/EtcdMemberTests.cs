using Grpc.Net.Client;
using MiniKube.Storage.Etcd;

namespace MiniKube.Storage.Tests.Etcd;

/// <summary>What is under way with a member whose leader goes, or that falls silent itself. Nobody is asked anything here.</summary>
public sealed class EtcdMemberTests : IDisposable
{
    private readonly EtcdMember _member;

    public EtcdMemberTests()
    {
        var address = new Uri("http://127.0.0.1:1");
        _member = new EtcdMember(address, GrpcChannel.ForAddress(address));
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _member.Dispose();

    [Theory]
    [InlineData(8)]
    [InlineData(0)]
    public async Task Call_OfATermThatIsOver_IsGivenUp(ulong now)
    {
        _member.SawTerm(7);
        using var call = _member.Begin(0, Token);

        _member.SawTerm(now);

        await EndAsync(call);
    }

    [Theory]
    [InlineData(7, 7)]
    [InlineData(0, 7)]
    public async Task Call_OfTheSameTermOrOneThatIsNotKnown_GoesOn(ulong before, ulong now)
    {
        _member.SawTerm(before);
        using var call = _member.Begin(0, Token);

        _member.SawTerm(now);

        // Calls end in the order in which they are ended: one that is told to later has ended, and this one has not.
        using var other = new EtcdMember(_member.Address, GrpcChannel.ForAddress(_member.Address));
        other.SawTerm(7);
        using var later = other.Begin(0, Token);
        other.SawTerm(8);
        await EndAsync(later);
        Assert.False(call.Token.IsCancellationRequested);
    }

    [Fact]
    public async Task Call_WithAMemberThatFallsSilent_IsGivenUp_AndThoseAfterItAreNot()
    {
        using var call = _member.Begin(0, Token);

        Assert.True(_member.Suspect(EtcdTrust.Silent));

        await EndAsync(call);
        using var forWantOfABetterOne = _member.Begin(0, Token);
        Assert.False(_member.Suspect(EtcdTrust.Silent));
        Assert.False(forWantOfABetterOne.Token.IsCancellationRequested);
    }

    [Fact]
    public void Call_WithAMemberThatRefusesOthers_GoesOn()
    {
        using var call = _member.Begin(0, Token);

        Assert.True(_member.Suspect(EtcdTrust.Refuses));

        Assert.False(call.Token.IsCancellationRequested);
    }

    [Fact]
    public void Calls_ThatAreOver_ArePassedOver()
    {
        _member.SawTerm(7);
        var call = _member.Begin(5, Token);
        Assert.True(_member.HasCallFromBefore(6));
        Assert.False(_member.HasCallFromBefore(5));

        call.Dispose();

        Assert.False(_member.HasCallFromBefore(6));
        _member.SawTerm(8);
    }

    private static async Task EndAsync(EtcdCall call)
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = call.Token.Register(ended.SetResult);
        await ended.Task.WaitAsync(TimeSpan.FromSeconds(60), Token);
    }
}
