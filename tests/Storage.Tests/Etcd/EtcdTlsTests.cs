using Microsoft.Extensions.Logging.Abstractions;
using MiniKube.Storage.Etcd;

namespace MiniKube.Storage.Tests.Etcd;

/// <summary>An etcd that asks for client certificates.</summary>
[Trait("Needs", "Machine")]
public sealed class EtcdTlsTests : IAsyncLifetime
{
    private readonly TestCertificates _certificates = new();
    private readonly EtcdProcess _etcd;

    public EtcdTlsTests()
    {
        var (certFile, keyFile) = _certificates.Issue("server");
        _etcd = new EtcdProcess(
            "https", "--cert-file", certFile, "--key-file", keyFile, "--client-cert-auth", "--trusted-ca-file", _certificates.AuthorityFile);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _etcd.Start();
        await using var store = Connect(WithCertificate(_certificates));
        await _etcd.WaitAsync(store, Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _etcd.DisposeAsync();
        _certificates.Dispose();
    }

    [Fact]
    public async Task Store_WithACertificate_IsServed()
    {
        await using var store = Connect(WithCertificate(_certificates));

        var put = await store.CommitAsync(new Transaction([], [Operation.Put("/a", "1"u8.ToArray())]), Token);

        Assert.Equal(put.Revision, await store.CurrentRevisionAsync(Token));
    }

    [Fact]
    public async Task Store_WithoutACertificate_IsNot()
    {
        await using var store = Connect(WithCertificate(_certificates) with { CertFile = null, KeyFile = null });

        await AssertFailsAsync(StorageErrorKind.Unavailable, () => store.CurrentRevisionAsync(Token));
    }

    [Fact]
    public async Task Store_ThatTrustsAnotherAuthority_DoesNotTalkToIt()
    {
        using var others = new TestCertificates();
        await using var store = Connect(WithCertificate(_certificates) with { CaFile = others.AuthorityFile });

        await AssertFailsAsync(StorageErrorKind.Unavailable, () => store.CurrentRevisionAsync(Token));
    }

    [Fact]
    public void Store_WhoseCertificateCannotBeRead_IsNotOpened()
    {
        var options = WithCertificate(_certificates) with { CertFile = "missing.crt" };

        Assert.Equal(StorageErrorKind.Failed, Assert.Throws<StorageException>(() => Connect(options)).Kind);
    }

    private static async Task AssertFailsAsync(StorageErrorKind kind, Func<Task> action) =>
        Assert.Equal(kind, (await Assert.ThrowsAsync<StorageException>(action)).Kind);

    private static EtcdStore Connect(EtcdStoreOptions options) => new(options, NullLogger<EtcdStore>.Instance, TimeProvider.System);

    private EtcdStoreOptions WithCertificate(TestCertificates certificates)
    {
        var (certFile, keyFile) = certificates.Issue("client");
        return new EtcdStoreOptions
        {
            Servers = [_etcd.Address],
            CaFile = certificates.AuthorityFile,
            CertFile = certFile,
            KeyFile = keyFile,
            RequestTimeout = TimeSpan.FromSeconds(2),
        };
    }
}
