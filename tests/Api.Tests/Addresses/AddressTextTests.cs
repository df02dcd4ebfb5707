using MiniKube.Api.Addresses;

namespace MiniKube.Api.Tests.Addresses;

/// <summary>As Go's netutils.ParseIPSloppy and netip.ParseAddr answer.</summary>
public sealed class AddressTextTests
{
    [Theory]
    [InlineData("10.0.0.1", "10.0.0.1", true)]
    [InlineData("0.0.0.0", "0.0.0.0", true)]
    [InlineData("255.255.255.255", "255.255.255.255", true)]
    [InlineData("010.0.0.1", "10.0.0.1", false)]
    [InlineData("192.168.010.0000099", "192.168.10.99", false)]
    [InlineData("00.0.0.0", "0.0.0.0", false)]
    [InlineData("::", "::", true)]
    [InlineData("::1", "::1", true)]
    [InlineData("1::", "1::", true)]
    [InlineData("2001:DB8::00Ab", "2001:db8::ab", true)]
    [InlineData("2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1", true)]
    [InlineData("1:0:2:3:4:5:6:7", "1:0:2:3:4:5:6:7", true)]
    [InlineData("1:2:3:4:5:6:0:0", "1:2:3:4:5:6::", true)]
    [InlineData("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0", true)]
    [InlineData("2001:db8::00001", "2001:db8::1", false)]
    [InlineData("::1.2.3.4", "::102:304", true)]
    [InlineData("64:ff9b::1.2.3.4", "64:ff9b::102:304", true)]
    [InlineData("64:ff9b::01.2.3.4", "64:ff9b::102:304", false)]
    [InlineData("fe80::5efe:1.2.3.4", "fe80::5efe:102:304", true)]
    [InlineData("::ffff:10.1.2.3", "10.1.2.3", false)]
    [InlineData("::ffff:0a01:0203", "10.1.2.3", false)]
    public void TryParse_Address_IsReadInDecimals(string text, string canonical, bool isStrict)
    {
        Assert.True(AddressText.TryParse(text, out var address));
        Assert.Equal(canonical, AddressText.Write(address));
        Assert.Equal(canonical, AddressText.Canonical(text));
        Assert.Equal(isStrict, AddressText.TryParseStrict(text, out _));
        Assert.Equal(canonical.Contains(':', StringComparison.Ordinal), AddressText.IsIPv6(text));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("10.1")]
    [InlineData("10.0.1")]
    [InlineData("10.0.0.1.2")]
    [InlineData("10.0.0.256")]
    [InlineData("10.0.0.0x1")]
    [InlineData("0x0a.0.0.1")]
    [InlineData("10.0.0.")]
    [InlineData("10..0.1")]
    [InlineData(" 10.0.0.1")]
    [InlineData("10.0.0.1 ")]
    [InlineData("10.0.0.+1")]
    [InlineData("10.0.0.1:80")]
    [InlineData("10.0.0.1/24")]
    [InlineData("١.0.0.1")]
    [InlineData("[::1]")]
    [InlineData("::1%eth0")]
    [InlineData(":")]
    [InlineData(":::")]
    [InlineData("1:")]
    [InlineData(":1")]
    [InlineData("1::2::3")]
    [InlineData("1:2:3:4:5:6:7")]
    [InlineData("1:2:3:4:5:6:7:8:9")]
    [InlineData("1:2:3:4:5:6:7:8::")]
    [InlineData("::12345")]
    [InlineData("::g")]
    [InlineData("::1.2.3")]
    [InlineData("::1.2.3.4:5")]
    [InlineData("1:2:3:4:5:6:7:1.2.3.4")]
    public void TryParse_Other_IsNone(string? text)
    {
        Assert.False(AddressText.TryParse(text, out _));
        Assert.False(AddressText.TryParseStrict(text, out _));
        Assert.Equal(text, AddressText.Canonical(text));
    }

    /// <summary>What is written is read again, and .NET's own reader agrees with what all read alike.</summary>
    [Fact]
    public void Write_RandomAddresses_AreReadAgain()
    {
        var random = new Random(7);
        var bytes = new byte[16];
        for (var i = 0; i < 2000; i++)
        {
            random.NextBytes(bytes);
            for (var j = 0; j < bytes.Length; j++)
            {
                bytes[j] = random.Next(3) == 0 ? bytes[j] : (byte)0;
            }

            var address = new System.Net.IPAddress(bytes);
            var text = AddressText.Write(address);

            Assert.True(AddressText.TryParseStrict(text, out var again) || address.IsIPv4MappedToIPv6);
            Assert.Equal(address, again ?? address);
            Assert.Equal(address, System.Net.IPAddress.Parse(text));
        }
    }
}
