using MiniKube.Kubelet.Certificates;
using MiniKube.TestSupport;

namespace MiniKube.Kubelet.Tests.Certificates;

public sealed class CertificateFilesTests
{
    [Fact]
    public void Save_TwoOneAfterTheOther_BothStayAndTheLinkPointsToTheNewer()
    {
        using var folder = new TemporaryFolder();
        using var authority = new TestCertificates();
        var files = new CertificateFiles(folder.File("pki"), "kubelet-client");
        Assert.Null(files.Load());
        var (first, firstKey) = authority.Client("one");
        var (second, secondKey) = authority.Client("two");
        var now = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

        using var one = files.Save(first, firstKey, now);
        using var two = files.Save(second, secondKey, now.AddSeconds(1));

        Assert.Equal(
            ["kubelet-client-2026-01-02-03-04-05.pem", "kubelet-client-2026-01-02-03-04-06.pem", "kubelet-client-current.pem"],
            Directory.EnumerateFiles(folder.File("pki")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.EndsWith("kubelet-client-2026-01-02-03-04-06.pem", new FileInfo(files.Current).LinkTarget, StringComparison.Ordinal);
        using var loaded = files.Load();
        Assert.Equal("CN=two", loaded?.Subject);
        Assert.True(loaded?.HasPrivateKey);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(files.Current));
    }

    [Fact]
    public void Load_WhatCannotBeRead_IsNone()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("kubelet-client-current.pem"), "nonsense");

        Assert.Null(new CertificateFiles(folder.Path, "kubelet-client").Load());
    }

    [Theory]
    [InlineData(0.0, 70)]
    [InlineData(0.5, 80)]
    [InlineData(0.999999, 90)]
    public void Deadline_IsBetweenSeventyAndNinetyPercentOfTheLife(double chance, int percent)
    {
        var start = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

        var deadline = RotationSchedule.Deadline(start, start.AddHours(100), new FixedRandom(chance));

        Assert.Equal(percent, Math.Round((deadline - start).TotalHours));
    }

    private sealed class FixedRandom(double value) : Random
    {
        public override double NextDouble() => value;
    }
}
