using k8s.Models;

using MiniKube.Client.Informers;

namespace MiniKube.Client.Tests;

public sealed class InformerTests
{
    private readonly Informer<V1Pod> _informer = new();
    private readonly List<string> _told = [];

    [Fact]
    public void Replace_TellsWhatIsAddedChangedAndGone()
    {
        _informer.Replace([Pod("a", "1"), Pod("b", "1"), Pod("c", "1")]);
        using var registration = _informer.AddHandler(Tell);
        _told.Clear();

        _informer.Replace([Pod("a", "1"), Pod("b", "2"), Pod("d", "3")]);

        Assert.Equal(["b 1->2", "d ->3", "c 1->"], _told);
    }

    [Fact]
    public void Replace_ObjectOfAnotherUid_IsADeletionAndAnAddition()
    {
        _informer.Replace([Pod("a", "1")]);
        using var registration = _informer.AddHandler(Tell);
        _told.Clear();
        var other = Pod("a", "2");
        other.Metadata.Uid = "another";

        _informer.Replace([other]);

        Assert.Equal(["a 1->", "a ->2"], _told);
    }

    [Fact]
    public void AddHandler_Late_HearsOfEveryObject_AndNothingOnceDisposed()
    {
        _informer.Replace([Pod("a", "1")]);

        var registration = _informer.AddHandler(Tell);
        _informer.Upsert(Pod("a", "2"));
        registration.Dispose();
        _informer.Upsert(Pod("a", "3"));

        Assert.Equal(["a ->1", "a 1->2"], _told);
    }

    [Fact]
    public void Indexes_FollowTheController()
    {
        var owner = new V1ReplicaSet { Metadata = new V1ObjectMeta { Name = "rs", Uid = "rs-uid" } };
        var owned = Pod("a", "1");
        owned.Metadata.OwnerReferences = [owner.ToControllerReference()];
        _informer.Upsert(owned);
        Assert.Single(_informer.OwnedBy(owner));
        Assert.Empty(_informer.Unmanaged("default"));

        _informer.Upsert(Pod("a", "2"));

        Assert.Empty(_informer.OwnedBy(owner));
        Assert.Single(_informer.Unmanaged("default"));
        _informer.Delete(Pod("a", "3"));
        Assert.Empty(_informer.Unmanaged("default"));
        Assert.Empty(_informer.List("default"));
    }

    private void Tell(ObjectChange<V1Pod> change) =>
        _told.Add($"{(change.New ?? change.Old)?.Metadata.Name} {change.Old?.Metadata.ResourceVersion}->{change.New?.Metadata.ResourceVersion}");

    private static V1Pod Pod(string name, string version) =>
        new() { Metadata = new V1ObjectMeta { Name = name, NamespaceProperty = "default", Uid = name, ResourceVersion = version } };
}
