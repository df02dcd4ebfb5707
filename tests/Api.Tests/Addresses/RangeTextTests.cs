using MiniKube.Api.Addresses;

namespace MiniKube.Api.Tests.Addresses;

/// <summary>As Go's netutils.ParseCIDRSloppy and netip.ParsePrefix answer.</summary>
public sealed class RangeTextTests
{
    [Theory]
    [InlineData("10.0.0.0/8", "10.0.0.0", "10.0.0.0/8", true)]
    [InlineData("10.1.2.3/8", "10.1.2.3", "10.0.0.0/8", true)]
    [InlineData("0.0.0.0/0", "0.0.0.0", "0.0.0.0/0", true)]
    [InlineData("010.0.0.0/8", "10.0.0.0", "10.0.0.0/8", false)]
    [InlineData("10.0.0.0/08", "10.0.0.0", "10.0.0.0/8", false)]
    [InlineData("2001:DB8::/32", "2001:db8::", "2001:db8::/32", true)]
    [InlineData("2001:db8::1/64", "2001:db8::1", "2001:db8::/64", true)]
    [InlineData("::ffff:1.2.3.0/120", "1.2.3.0", "1.2.3.0/24", false)]
    public void TryParse_Range_IsTheNetworkAroundTheAddress(string text, string address, string network, bool isStrict)
    {
        Assert.True(RangeText.TryParse(text, out var parsed, out var range));
        Assert.Equal(address, AddressText.Write(parsed));
        Assert.Equal(network, RangeText.Write(range));
        Assert.Equal(isStrict, RangeText.IsStrict(text));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("/8")]
    [InlineData("10.0.0.0")]
    [InlineData("10.0.0.0/")]
    [InlineData("10.0.0.0/33")]
    [InlineData("10.0.0.0/-1")]
    [InlineData("10.0.0.0/+8")]
    [InlineData("10.0.0.0/8/8")]
    [InlineData("10/8")]
    [InlineData("::/129")]
    [InlineData("::/256")]
    public void TryParse_Other_IsNone(string? text) => Assert.False(RangeText.TryParse(text, out _, out _));
}
