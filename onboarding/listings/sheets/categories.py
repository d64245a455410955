"""Which top category a title speaks of, by the words it ends in; None when unsure."""

import re
from collections.abc import Mapping
from typing import Final

# the categories of the belts table → words that name goods of that category
WORDS: Final[Mapping[str, str]] = {
    "服饰针织": (
        "毛衣 羊毛衫 羊绒衫 针织衫 针织帽 开衫 围巾 披肩 羊绒大衣 羊绒帽子 护膝 袜 袜子 手套 羊绒裤 秋衣 秋裤 保暖内衣"
    ),
    "服饰": (
        "夹克 卫衣 马甲 T恤 衬衫 衬衣 连衣裙 半身裙 裤 裤子 休闲裤 牛仔裤 外套 风衣 大衣 羽绒服 "
        "棉服 童装 汉服 演出服 领带 西装 内衣 内裤 文胸 睡衣 家居服 POLO衫 背心 短裤 裙子 校服 "
        "工作服 帽子 旗袍 马面裙"
    ),
    "眼镜": "眼镜 镜架 镜框 镜片 平光镜 太阳镜 老花镜 墨镜 近视镜 偏光镜 泳镜 护目镜",
    "箱包皮具": (
        "双肩包 背包 手提包 斜挎包 单肩包 钱包 拉杆箱 行李箱 旅行包 书包 皮带 腰带 卡包 手拿包 托特包 腰包 公文包"
    ),
    "家纺": ("毛巾 浴巾 四件套 被套 床单 枕套 枕头 被子 被芯 夏凉被 毛毯 凉席 窗帘 抱枕 床笠 方巾 地垫 桌布 蚊帐"),
    "清洁纸品": "抽纸 卷纸 纸巾 面巾纸 湿巾 卫生纸 手帕纸 厨房纸 洗衣液 洗洁精 垃圾袋",
    "五金": (
        "螺丝 螺母 扳手 钳 钳子 螺丝刀 卷尺 钢卷尺 电钻 锁 门锁 合页 丝网 钢丝网 护栏网 铁丝 "
        "水龙头 工具箱 角磨机 锤子 滑轨"
    ),
    "玩具童车": ("毛绒玩具 玩具 积木 童车 滑板车 平衡车 自行车 三轮车 遥控车 拼图 公仔 玩偶 婴儿车 泡泡机 魔方 水枪"),
    "工艺礼品": (
        "摆件 钥匙扣 音乐盒 水晶 手串 玉雕 折扇 挂件 相框 香薰 蜡烛 工艺品 手链 项链 冰箱贴 木雕 奖杯 书签 流沙瓶"
    ),
    "生鲜食品": ("小龙虾 酥梨 梨 苹果 脐橙 橙子 蔬菜 西红柿 草莓 大闸蟹 牛肉 羊肉 土豆 猕猴桃 水蜜桃 樱桃 黄瓜"),
    "滋补": "石斛 枸杞 人参 燕窝 阿胶 黄芪 灵芝 当归 虫草",
    "日用百货": (
        "收纳筐 收纳盒 打火机 雨伞 衣架 保温杯 水杯 塑料杯 垃圾桶 拖把 挂钩 毛刷 牙刷 梳子 脸盆 "
        "晾衣架 粘钩 洗衣袋 保鲜盒"
    ),
    "小家电": (
        "电饭煲 电热水壶 热水壶 风扇 电风扇 加湿器 吸尘器 榨汁机 豆浆机 电磁炉 空气炸锅 电吹风 "
        "吹风机 取暖器 破壁机 养生壶 挂烫机"
    ),
    "鞋靴": ("鞋 鞋子 运动鞋 皮鞋 凉鞋 拖鞋 靴 靴子 帆布鞋 童鞋 跑鞋 高跟鞋 板鞋 老爹鞋 雪地靴 豆豆鞋 洞洞鞋"),
    "粮油": "大米 面粉 食用油 菜籽油 花生油 小米 糯米 杂粮 黄豆 玉米油 稻花香",
    "陶瓷": (
        "马克杯 陶瓷杯 陶瓷碗 瓷碗 瓷盘 青瓷 白瓷 花瓶 盖碗 茶壶 茶具 餐具套装 骨瓷 紫砂壶 瓷器 汤碗 茶杯 功夫茶具"
    ),
    "茶叶": "茶叶 铁观音 岩茶 大红袍 茉莉花茶 红茶 绿茶 白茶 普洱 普洱茶 乌龙茶 龙井 龙井茶 肉桂 水仙 花茶",
    "家具": "沙发 餐桌 椅子 餐椅 衣柜 床 书桌 茶几 床头柜 书架 电脑桌 实木床 鞋柜 电视柜 办公椅",
    "厨具": "炒锅 汤锅 平底锅 菜刀 砧板 铲子 不粘锅 蒸锅 压力锅 锅铲 刀具 漏勺 铁锅 砂锅",
    "家居建材": "板材 地板 瓷砖 胶合板 木门 壁纸 墙纸 刨花板 生态板 集成吊顶",
    "美妆个护": "假发 发套 口红 面膜 洗发水 沐浴露 眼影 粉底液 美妆蛋 假睫毛 化妆刷 护手霜 香皂",
    "医护用品": "口罩 医用口罩 纱布 棉签 创可贴 绷带 防护服 无纺布 医用手套 护理垫",
    "灯具": "吊灯 吸顶灯 台灯 落地灯 筒灯 射灯 灯带 壁灯 灯泡 路灯 小夜灯 水晶灯",
    "方便食品": "螺蛳粉 燃面 方便面 酸辣粉 自热火锅 米线 热干面",
    "休闲食品": "椰子糖 饼干 薯片 坚果 果干 糖果 椰子片 瓜子 肉脯 蜜饯 辣条",
    "调味品": "榨菜 豆瓣酱 豆瓣 酱油 醋 火锅底料 辣椒酱 花椒 蚝油",
    "酒类": "白酒 酱酒 红酒 葡萄酒 黄酒 啤酒 果酒 酱香白酒 米酒",
}
_CATEGORY_BY_WORD: Final = {word.lower(): category for category, words in WORDS.items() for word in words.split()}
_WORD: Final = re.compile("|".join(sorted(map(re.escape, _CATEGORY_BY_WORD), key=len, reverse=True)))
# 茶叶罐 is no tea, 鞋架 no shoe: the goods are what holds, feeds or cleans them
_ANOTHER_THING: Final = re.compile(r"[罐盒架袋机筐刷液剂套垫贴扣布支配清收专挂用]|店|模型|图案|款式?玩")


def guess_category(title: str, said: str = "") -> str | None:
    """The category of a title, or of what the sheet itself `said` in a category column."""
    if said in WORDS:
        return said
    return _by_words(title) or _by_words(said)


def goods_named(text: str) -> str | None:
    """The last word in the first part of a text that names goods, `围巾`; None when it names another thing."""
    for part in re.split(r"[\s(（/,，]+", text.lower()):
        matches = [match for match in _WORD.finditer(part) if not _ANOTHER_THING.match(part, match.end())]
        if matches:
            return matches[-1][0]
    return None


def _by_words(text: str) -> str | None:
    word = goods_named(text)
    return None if word is None else _CATEGORY_BY_WORD[word]
